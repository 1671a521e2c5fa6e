/** As much of the package's interface as provider.ts uses. */
declare module "oidc-provider" {
    import type { IncomingMessage, ServerResponse } from "node:http";

    export default class Provider {
        constructor(issuer: string, configuration: object);
        readonly Grant: new (of: { accountId: string; clientId: string }) => { addOIDCScope(scope: string): void; save(): Promise<string> };
        callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
        interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<{ params: { client_id: string } }>;
        interactionFinished(request: IncomingMessage, response: ServerResponse, result: object, options?: object): Promise<void>;
    }
}
