// typescript-v2.mjs WORLD: the official TypeScript SDK, second generation, with its own OAuth,
// against the server that the file WORLD describes (clients/run writes it).

import { Client, StreamableHTTPClientTransport, UnauthorizedError } from "@modelcontextprotocol/client";

import { formCases, wholeWay } from "./whole-way.mjs";
import { changeIntegration, check, runCases, say, world } from "./world.mjs";

/**
 * @param {"auto" | "legacy"} mode The newest revision where the server has it, or the handshake of
 *   the older ones.
 * @returns {import("./whole-way.mjs").Sdk}
 */
const sdk = (mode) => ({
  open(url, authProvider) {
    const client = new Client(
      { name: "end2end", version: "1.0.0" },
      { versionNegotiation: { mode } },
    );
    const transport = new StreamableHTTPClientTransport(url, { authProvider });
    return {
      client,
      async connect() {
        await client.connect(transport);
        const era = client.getProtocolEra();
        check(era === (mode === "auto" ? "modern" : "legacy"), `it speaks the ${era} revisions`);
        say(`of which the two agreed on ${client.getNegotiatedProtocolVersion()}`);
      },
      // It looks at iss itself, before it reads anything else.
      finish: (answer) => transport.finishAuth(answer),
    };
  },
  isUnauthorized: (error) => error instanceof UnauthorizedError,
});

/** @param {import("./application.mjs").Known} known */
async function withoutAnId(known) {
  await changeIntegration(world.integration_id, { self_registered: true });
  try {
    await wholeWay(sdk("auto"), world.server_url, known);
  } finally {
    await changeIntegration(world.integration_id, { self_registered: false });
  }
}

await runCases("TypeScript SDK 2", [
  ["the shared Server URL", () => wholeWay(sdk("auto"), world.server_url)],
  ["the integration's own URL", () => wholeWay(sdk("auto"), world.integration_url)],
  ["the shared Server URL by initialize", () => wholeWay(sdk("legacy"), world.server_url)],
  ["a client that registers itself", () => withoutAnId("registered")],
  ["a client whose id is a document's URL", () => withoutAnId("document")],
  ...formCases(sdk("auto")),
  ...formCases(sdk("legacy"), " by initialize"),
]);
