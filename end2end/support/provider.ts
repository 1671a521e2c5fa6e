import { type IncomingMessage, type Server as Http, type ServerResponse, createServer } from "node:http";
import { type AddressInfo } from "node:net";
import Provider from "oidc-provider";

/** Somebody whom the provider knows. */
export interface Subject {
    sub: string;
    name: string;
    /** 账号 here, by the rule that `flags` sets. */
    employee_id?: string;
}

const CLIENT = { id: "irs", secret: "s3cret-of-the-tests" };

/** A real OpenID provider (the npm package `oidc-provider`) on loopback, whose page lets one choose who one is. */
export class OpenIdProvider {
    private provider: Provider | undefined;

    private constructor(
        private readonly http: Http,
        private readonly people: Subject[],
        /** `http://127.0.0.1:PORT` */
        readonly issuer: string,
    ) {}

    static async start(people: Subject[]): Promise<OpenIdProvider> {
        const http = createServer();
        await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
        const made = new OpenIdProvider(http, people, `http://127.0.0.1:${(http.address() as AddressInfo).port}`);
        http.on("request", (request, response) => void made.answers(request, response));
        return made;
    }

    /** The server's flags. */
    get flags(): string[] {
        return [
            ...["--oidc-issuer", this.issuer, "--oidc-client-id", CLIENT.id, "--oidc-client-secret", CLIENT.secret],
            ...["--oidc-map", "employee_id=account"],
        ];
    }

    /** Knows the site from now on, which sends browsers back there. */
    serves(site: string): void {
        this.provider = new Provider(this.issuer, {
            clients: [
                {
                    client_id: CLIENT.id,
                    client_secret: CLIENT.secret,
                    redirect_uris: [`${site}/oidc/callback`],
                    grant_types: ["authorization_code"],
                    response_types: ["code"],
                },
            ],
            claims: { openid: ["sub"], profile: ["name", "employee_id"] },
            features: { devInteractions: { enabled: false } },
            findAccount: (_: unknown, sub: string) => {
                const known = this.people.find((person) => person.sub === sub);
                return known && { accountId: sub, claims: () => ({ ...known }) };
            },
            interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
            pkce: { required: () => true },
            cookies: { keys: ["of the tests"] },
            ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
        });
    }

    async stop(): Promise<void> {
        this.http.closeAllConnections();
        await new Promise<void>((resolve) => this.http.close(() => resolve()));
    }

    private async answers(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const provider = this.provider;
        if (!provider) {
            response.writeHead(503).end();
            return;
        }
        const [, where, uid, who] = new URL(request.url ?? "/", this.issuer).pathname.split("/");
        if (where !== "interaction") {
            await provider.callback()(request, response);
            return;
        }
        if (who === undefined) {
            const link = (to: string, text: string) => `<p><a href="/interaction/${uid}/${to}">${text}</a></p>`;
            const people = this.people.map(({ sub, name }) => link(encodeURIComponent(sub), name)).join("");
            const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>登录平台</title>${people}${link("cancel", "取消")}`;
            response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
            return;
        }
        if (who === "cancel") {
            await provider.interactionFinished(request, response, { error: "access_denied", error_description: "cancelled" });
            return;
        }
        const accountId = decodeURIComponent(who);
        const { params } = await provider.interactionDetails(request, response);
        const grant = new provider.Grant({ accountId, clientId: params.client_id });
        grant.addOIDCScope("openid profile");
        const result = { login: { accountId }, consent: { grantId: await grant.save() } };
        await provider.interactionFinished(request, response, result);
    }
}
