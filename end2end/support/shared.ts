import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import pg from "pg";

/** What several servers share: a database of PostgreSQL that is theirs alone, and an object store. */
export class Shared {
    private constructor(
        private readonly database: string,
        private readonly store: ChildProcess,
        /** The servers' flags. */
        readonly flags: string[],
    ) {}

    static async make(folder: string): Promise<Shared> {
        const [cluster, binary] = [process.env["IRS_TEST_POSTGRES"], process.env["IRS_OBJECT_STORE"]];
        if (!cluster || !binary) throw new Error("IRS_TEST_POSTGRES and IRS_OBJECT_STORE are not set: run `cargo xtask test`");
        const database = `irs_end2end_${crypto.randomUUID().replaceAll("-", "")}`;
        await asks(cluster, `CREATE DATABASE ${database}`);
        const url = new URL(cluster);
        url.pathname = database;
        const store = spawn(binary, [folder], { stdio: ["ignore", "pipe", "inherit"] });
        // As its own program prints them.
        const bucket = await new Promise<string>((resolve, reject) => {
            createInterface({ input: store.stdout }).once("line", resolve);
            store.once("exit", (code) => reject(new Error(`the object store ended with ${code}`)));
        });
        return new Shared(database, store, ["--database-url", url.href, ...(JSON.parse(bucket) as string[])]);
    }

    async end(): Promise<void> {
        this.store.kill();
        await asks(process.env["IRS_TEST_POSTGRES"] ?? "", `DROP DATABASE ${this.database} WITH (FORCE)`);
    }
}

/** How many settings of the tests' cluster lose data in a crash, as one does that is gone with the run. */
export async function unsafeSettings(): Promise<number> {
    const off = "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'";
    return (await asks(process.env["IRS_TEST_POSTGRES"] ?? "", off)).length;
}

async function asks(cluster: string, sql: string): Promise<unknown[]> {
    const client = new pg.Client(cluster);
    await client.connect();
    try {
        return (await client.query(sql)).rows;
    } finally {
        await client.end();
    }
}
