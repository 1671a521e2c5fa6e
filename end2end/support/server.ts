import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Balancer } from "./balancer.ts";
import { Shared } from "./shared.ts";

interface Started {
    process: ChildProcess;
    address: string;
}

/** A real server of the product, with a port, a database and demo data of its own; or several, of one site. */
export class Server {
    private stopped?: Promise<number | null>;

    private constructor(
        private readonly processes: Started[],
        /** `http://localhost:PORT` */
        readonly address: string,
        /** Where it keeps its database and files. */
        readonly data: string,
        private readonly lines: string[],
        private readonly terminal: string[],
        private readonly ends: () => Promise<void>,
        private readonly balancer?: Balancer,
    ) {}

    /**
     * Starts the binary that xtask built, with these flags as well, and waits until it says where it listens. Several share one
     * database of PostgreSQL and one object store, behind a balancer.
     */
    static async start(flags: string[], { demo = true, processes }: { demo?: boolean; processes: number }): Promise<Server> {
        const data = await mkdtemp(join(tmpdir(), "irs-end2end-"));
        // Builds run as a user of their own, who must be able to go there.
        await chmod(data, 0o755);
        const [log, terminal]: [string[], string[]] = [[], []];
        const all = [...(demo ? ["--demo"] : []), ...flags];
        if (processes === 1) {
            const only = await run(["--data", data, ...all], log, terminal);
            return new Server([only], only.address, data, log, terminal, async () => {});
        }
        const [shared, balancer] = [await Shared.make(join(data, "shared")), await Balancer.start()];
        all.push("--public-url", balancer.address, "--trusted-proxies", "127.0.0.1", ...shared.flags);
        const ends = async () => {
            balancer.stop();
            await shared.end();
        };
        const server = new Server([], balancer.address, data, log, terminal, ends, balancer);
        try {
            // One after the other: the first makes the schema and what is shown.
            for (let n = 0; n < processes; n++) {
                const one = await run(["--data", join(data, String(n)), ...all], log, terminal);
                balancer.adds(one.address);
                server.processes.push(one);
            }
        } catch (error) {
            await server.stop();
            throw error;
        }
        return server;
    }

    /** Starts it as `start` does, for this time alone: it is stopped however that ends. */
    static async during(flags: string[], processes: number, use: (server: Server) => Promise<void>): Promise<void> {
        const server = await Server.start(flags, { processes });
        try {
            await use(server);
        } finally {
            await server.stop();
        }
    }

    /** Ends one of several as a power cut would (`kill -9`). */
    async dies(which: number): Promise<void> {
        const [dead] = this.processes.splice(which, 1);
        if (dead === undefined) throw new Error(`there is no server ${which}`);
        const ended = new Promise((resolve) => dead.process.once("exit", resolve));
        dead.process.kill("SIGKILL");
        await ended;
    }

    /** Of several, those to which an open page listens now, as `dies` takes them. */
    listenedTo(): number[] {
        const all = this.processes.map((one, which) => ({ which, many: this.balancer?.listeners(one.address) ?? 0 }));
        return all.filter((one) => one.many > 0).map((one) => one.which);
    }

    /** What it wrote to the terminal last that looks like this: of several servers each makes a new link of the first start. */
    said(like: RegExp): string {
        const found = this.terminal.findLast((line) => like.test(line))?.match(like)?.[0];
        if (found === undefined) throw new Error(`${like} was not said:\n${this.terminal.join("\n")}`);
        return found;
    }

    /** Everything it logged so far. */
    get log(): string {
        return this.lines.join("\n");
    }

    /** Asks it to stop, and waits until it has; 0 if all of it ended well. Of one that was stopped already, how it ended. */
    stop(): Promise<number | null> {
        this.stopped ??= this.stops();
        return this.stopped;
    }

    private async stops(): Promise<number | null> {
        const codes = await Promise.all(
            this.processes.map(({ process: one }) => {
                // It may have ended by itself.
                if (one.exitCode !== null || one.signalCode !== null) return one.exitCode;
                const ended = new Promise<number | null>((resolve) => one.once("exit", resolve));
                one.kill("SIGTERM");
                return ended;
            }),
        );
        await this.ends();
        await rm(this.data, { recursive: true });
        // Who was killed has none.
        return codes.every((code) => code === 0) ? 0 : (codes.find((code) => code !== 0) ?? null);
    }
}

async function run(flags: string[], log: string[], terminal: string[]): Promise<Started> {
    const [binary, site] = [process.env["IRS_SERVER"], process.env["IRS_SITE"]];
    if (!binary || !site) throw new Error("IRS_SERVER and IRS_SITE are not set: run `cargo xtask test`");
    // Addresses of tests lead nowhere: who wants them probed says so.
    const env = { ...process.env, IRS_PROBE_SECONDS: "0" };
    const child = spawn(binary, ["--listen", "127.0.0.1:0", "--site", site, ...flags], { stdio: ["ignore", "pipe", "pipe"], env });
    const began = log.length;
    createInterface({ input: child.stderr }).on("line", (line) => log.push(line));
    const address = await new Promise<string>((resolve, reject) => {
        createInterface({ input: child.stdout }).on("line", (line) => {
            terminal.push(line);
            if (line.startsWith("http://")) resolve(line.trim());
        });
        child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${log.slice(began).join("\n")}`)));
    });
    return { process: child, address };
}
