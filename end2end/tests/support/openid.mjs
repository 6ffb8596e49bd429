// @ts-check
// A real OpenID provider (npm oidc-provider) for one test, in a process of its own: prints its issuer
// once it listens, and is told by its arguments who has which account there.
//
//   PORT           where it listens; 0: anywhere
//   ACCOUNTS       a JSON object of login to claims
//   REDIRECT_URIS  a JSON list

import { once } from "node:events";
import { createServer } from "node:http";

import { Provider } from "oidc-provider";

const accounts = JSON.parse(process.env.ACCOUNTS ?? "{}");
const server = createServer();
server.listen(Number(process.env.PORT ?? 0), "127.0.0.1");
await once(server, "listening");
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "tengine",
      client_secret: "a-secret-of-the-tests",
      redirect_uris: JSON.parse(process.env.REDIRECT_URIS ?? "[]"),
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  // Its own pages: any password signs a login in.
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ["of the tests"] },
  async findAccount(_context, id) {
    const claims = accounts[id];
    return claims && { accountId: id, claims: async () => ({ sub: id, ...claims }) };
  },
});
server.on("request", provider.callback());
console.log(issuer);
