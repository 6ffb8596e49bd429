// typescript.mjs WORLD: the official TypeScript SDK, first generation, with its own OAuth, against
// the server that the file WORLD describes (clients/run writes it).

import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { LATEST_PROTOCOL_VERSION } from "@modelcontextprotocol/sdk/types.js";

import { formCases, wholeWay } from "./whole-way.mjs";
import { check, runCases, world } from "./world.mjs";

/** @type {import("./whole-way.mjs").Sdk} */
const sdk = {
  open(url, authProvider) {
    const client = new Client({ name: "end2end", version: "1.0.0" });
    const transport = new StreamableHTTPClientTransport(url, { authProvider });
    return {
      client,
      async connect() {
        await client.connect(transport);
        const version = transport.protocolVersion;
        check(version === LATEST_PROTOCOL_VERSION, `the two agreed on ${version}`);
      },
      finish: (answer) => transport.finishAuth(answer.get("code") ?? ""),
    };
  },
  isUnauthorized: (error) => error instanceof UnauthorizedError,
};

await runCases("TypeScript SDK", [
  ["the shared Server URL", () => wholeWay(sdk, world.server_url)],
  ["the integration's own URL", () => wholeWay(sdk, world.integration_url)],
  ...formCases(sdk),
]);
