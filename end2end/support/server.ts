import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A real server of the product, with a port, a database and demo data of its own. */
export class Server {
    private constructor(
        private readonly process: ChildProcess,
        /** `http://localhost:PORT` */
        readonly address: string,
        /** Where it keeps its database and files. */
        readonly data: string,
        private readonly lines: string[],
        private readonly terminal: string[],
    ) {}

    /** Starts the binary that xtask built, with these flags as well, and waits until it says where it listens. */
    static async start(flags: string[] = [], { demo = true } = {}): Promise<Server> {
        const binary = process.env["IRS_SERVER"];
        const site = process.env["IRS_SITE"];
        if (!binary || !site) throw new Error("IRS_SERVER and IRS_SITE are not set: run `cargo xtask test`");
        const data = await mkdtemp(join(tmpdir(), "irs-end2end-"));
        // Builds run as a user of their own, who must be able to go there.
        await chmod(data, 0o755);
        const args = [...(demo ? ["--demo"] : []), "--listen", "127.0.0.1:0", "--site", site, "--data", data, ...flags];
        // Addresses of tests lead nowhere: who wants them probed says so.
        const env = { ...process.env, IRS_PROBE_SECONDS: "0" };
        const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"], env });
        const log: string[] = [];
        const terminal: string[] = [];
        createInterface({ input: child.stderr }).on("line", (line) => log.push(line));
        const address = await new Promise<string>((resolve, reject) => {
            createInterface({ input: child.stdout }).on("line", (line) => {
                terminal.push(line);
                if (line.startsWith("http://")) resolve(line.trim());
            });
            child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${log.join("\n")}`)));
        });
        return new Server(child, address, data, log, terminal);
    }

    /** What it wrote to the terminal and looks like this. */
    said(like: RegExp): string {
        const found = this.terminal.join("\n").match(like)?.[0];
        if (found === undefined) throw new Error(`${like} was not said:\n${this.terminal.join("\n")}`);
        return found;
    }

    /** Everything it logged so far. */
    get log(): string {
        return this.lines.join("\n");
    }

    /** Asks it to stop, and waits until it has. */
    async stop(): Promise<number | null> {
        const ended = new Promise<number | null>((resolve) => this.process.once("exit", resolve));
        this.process.kill("SIGTERM");
        const code = await ended;
        await rm(this.data, { recursive: true });
        return code;
    }
}
