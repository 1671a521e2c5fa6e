import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** Hands each request to the next server, whoever asked before; one that nobody listens at is passed over. */
export class Balancer {
    private readonly servers: URL[] = [];
    /** Streams of events that are open now, by the port of the server that sends them. */
    private readonly streams = new Map<string, number>();
    private turn = 0;

    private constructor(
        private readonly listener: Server,
        /** `http://localhost:PORT` */
        readonly address: string,
    ) {
        listener.on("request", (asked: IncomingMessage, answer: ServerResponse) => void this.handle(asked, answer));
    }

    static async start(): Promise<Balancer> {
        const listener = createServer();
        await new Promise<void>((listening) => listener.listen(0, "127.0.0.1", listening));
        const { port } = listener.address() as AddressInfo;
        return new Balancer(listener, `http://localhost:${port}`);
    }

    /** From now on this one is asked, too. */
    adds(address: string): void {
        const server = new URL(address);
        server.hostname = "127.0.0.1";
        this.servers.push(server);
    }

    /** How many pages listen to this one now. */
    listeners(address: string): number {
        return this.streams.get(new URL(address).port) ?? 0;
    }

    stop(): void {
        this.listener.close();
        this.listener.closeAllConnections();
    }

    private async handle(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
        const pieces: Buffer[] = [];
        try {
            for await (const piece of asked) pieces.push(piece as Buffer);
        } catch {
            return;
        }
        this.pass(asked, Buffer.concat(pieces), answer, this.turn++, this.servers.length);
    }

    /** From this turn on each server is tried once, whatever others ask meanwhile. */
    private pass(asked: IncomingMessage, body: Buffer, answer: ServerResponse, turn: number, tries: number): void {
        const server = this.servers[turn % this.servers.length];
        if (server === undefined || tries === 0) {
            answer.writeHead(502).end();
            return;
        }
        const forwarded = { ...asked.headers, "x-forwarded-for": asked.socket.remoteAddress ?? "", connection: "close" };
        const { hostname, port } = server;
        const passed = request({ hostname, port, method: asked.method, path: asked.url, headers: forwarded }, (answered) => {
            if (asked.url?.startsWith("/events")) this.counts(port, answered);
            answer.writeHead(answered.statusCode ?? 502, answered.rawHeaders);
            // A stream's first event may be far away.
            answer.flushHeaders();
            answered.on("error", () => answer.destroy());
            answered.pipe(answer);
        });
        passed.on("error", (error: NodeJS.ErrnoException) => {
            if (answer.headersSent) answer.destroy();
            // What nobody took may be given to another; the rest is for the browser to ask again.
            else if (error.code === "ECONNREFUSED") this.pass(asked, body, answer, turn + 1, tries - 1);
            else answer.writeHead(502).end();
        });
        answer.on("close", () => passed.destroy());
        passed.end(body);
    }

    private counts(port: string, stream: IncomingMessage): void {
        const now = (by: number) => this.streams.set(port, (this.streams.get(port) ?? 0) + by);
        now(1);
        stream.once("close", () => now(-1));
    }
}
