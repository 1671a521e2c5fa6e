import { createServer, type Server as Http } from "node:http";
import { type AddressInfo } from "node:net";

/** A group's robot, as 钉钉 has it, that can refuse. */
export class Robot {
    /** What it was asked, also what it refused: id and title. */
    readonly came: { id: string; title: string }[] = [];
    /** Answers 400: no second try would help. */
    refuses = false;

    private constructor(private readonly http: Http) {}

    static async start(): Promise<Robot> {
        const http = createServer();
        const robot = new Robot(http);
        http.on("request", (request, response) => {
            const pieces: Buffer[] = [];
            request.on("data", (piece: Buffer) => pieces.push(piece));
            request.on("end", () => {
                const body = JSON.parse(Buffer.concat(pieces).toString()) as { msgUuid: string; actionCard: { title: string } };
                robot.came.push({ id: body.msgUuid, title: body.actionCard.title });
                response.statusCode = robot.refuses ? 400 : 200;
                response.end(JSON.stringify({ errcode: robot.refuses ? 40035 : 0, errmsg: "" }));
            });
        });
        await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
        return robot;
    }

    /** The server's flags. */
    get flags(): string[] {
        const { port } = this.http.address() as AddressInfo;
        return ["--webhook-url", `http://127.0.0.1:${port}/robot/send?access_token=t`, "--webhook-secret", "SEC-of-the-test"];
    }

    async stop(): Promise<void> {
        this.http.closeAllConnections();
        await new Promise((resolve) => this.http.close(resolve));
    }
}
