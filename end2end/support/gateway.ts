import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Somebody whom the gateway knows. */
export interface Employee {
    account_id: number;
    name: string;
    mobile: string;
}

/** A notification that the gateway took. */
export interface Sent {
    biz_msg_id: string;
    reached: number[];
    is_revoked: boolean;
    msg: { action_card: { title: string; markdown: string; single_url: string; single_pc_url: string } };
}

/** The accountIds of the demo's people. */
export const ID = { 王建国: 100101, 赵磊: 100104, 李敏: 100106, 冯雪: 100110 };

/** Nobody here is linked with it. */
export const STRANGER: Employee = { account_id: 999999, name: "陌生人", mobile: "13900000999" };

/** The gateway of 专有钉钉 for tests (dingtalk/src/fake.rs), a process of its own. */
export class Gateway {
    private constructor(
        private readonly process: ChildProcess,
        /** `http://127.0.0.1:PORT` */
        readonly address: string,
    ) {}

    static async start(people: Employee[]): Promise<Gateway> {
        const binary = process.env["IRS_DINGTALK_FAKE"];
        if (!binary) throw new Error("IRS_DINGTALK_FAKE is not set: run `cargo xtask test`");
        const child = spawn(binary, ["--people", JSON.stringify(people)], { stdio: ["ignore", "pipe", "inherit"] });
        const address = await new Promise<string>((resolve, reject) => {
            createInterface({ input: child.stdout }).once("line", (line) => resolve(line.trim()));
            child.once("exit", (code) => reject(new Error(`the gateway ended with ${code}`)));
        });
        return new Gateway(child, address);
    }

    /** The server's flags. */
    get flags(): string[] {
        return [
            ...["--dingtalk-url", this.address, "--dingtalk-sign-in-url", this.address],
            ...["--dingtalk-app-key", "test-key", "--dingtalk-app-secret", "test-secret"],
            ...["--dingtalk-tenant-id", "196729", "--dingtalk-client-id", "test_dingoa"],
        ];
    }

    /** As the app gives it to a page. */
    async authCode(accountId: number): Promise<string> {
        return ((await this.tells("auth-code", { account_id: accountId })) as { auth_code: string }).auth_code;
    }

    async fails(how: string, path: string, times = 1): Promise<void> {
        await this.tells("fail", { how, path, times });
    }

    async heals(): Promise<void> {
        await this.tells("heal", {});
    }

    async sent(): Promise<Sent[]> {
        return (await (await fetch(`${this.address}/fake/sent`)).json()) as Sent[];
    }

    async stop(): Promise<void> {
        const ended = new Promise<void>((resolve) => this.process.once("exit", () => resolve()));
        this.process.kill("SIGINT");
        await ended;
    }

    private async tells(what: string, body: object): Promise<unknown> {
        const headers = { "content-type": "application/json" };
        const answer = await fetch(`${this.address}/fake/${what}`, { method: "POST", headers, body: JSON.stringify(body) });
        if (!answer.ok) throw new Error(`/fake/${what}: ${answer.status}`);
        return answer.status === 204 ? undefined : await answer.json();
    }
}
