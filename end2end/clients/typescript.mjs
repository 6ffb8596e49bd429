// typescript.mjs WORLD: the official TypeScript SDK with its own OAuth, against the server that the
// file WORLD describes (clients/run writes it).

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";

import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

import { consent } from "./plain-browser.mjs";

const world = JSON.parse(await readFile(process.argv[2], "utf8"));

/** @param {string} text */
const say = (text) => console.log(`    ${text}`);
/** @param {unknown} holds @param {string} what */
function check(holds, what) {
  if (!holds) throw new Error(`not so: ${what}`);
  say(what);
}

/** What an application gives the SDK: its registration, and a memory. */
class Provider {
  /** @type {any} */
  saved;
  /** @type {URL | undefined} */
  authorizeUrl;
  #verifier = "";
  #state = crypto.randomUUID();

  /** @param {string} callback */
  constructor(callback) {
    this.redirectUrl = callback;
  }
  get clientMetadata() {
    return { redirect_uris: [this.redirectUrl], client_name: "end2end" };
  }
  clientInformation() {
    const { client_id, client_secret, issuer } = world;
    return { client_id, client_secret, issuer };
  }
  state() {
    return this.#state;
  }
  tokens() {
    return this.saved;
  }
  /** @param {any} tokens */
  saveTokens(tokens) {
    this.saved = tokens;
  }
  /** @param {URL} url */
  redirectToAuthorization(url) {
    this.authorizeUrl = url;
  }
  /** @param {string} verifier */
  saveCodeVerifier(verifier) {
    this.#verifier = verifier;
  }
  codeVerifier() {
    return this.#verifier;
  }
}

/** The client's own loopback callback. */
async function listenForCallback() {
  /** @type {string[]} */
  const arrived = [];
  const server = createServer((request, response) => {
    arrived.push(request.url ?? "");
    response.end("Connected. You can close this page.");
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not a TCP address");
  return { url: `http://127.0.0.1:${address.port}/callback`, arrived, close: () => server.close() };
}

/** @param {string} url @param {Provider} authProvider */
async function connected(url, authProvider) {
  const client = new Client({ name: "end2end", version: "1.0.0" });
  const transport = new StreamableHTTPClientTransport(new URL(url), { authProvider });
  try {
    await client.connect(transport);
    return { client, transport };
  } catch (error) {
    if (error instanceof UnauthorizedError) return { client: undefined, transport };
    throw error;
  }
}

/** @param {any} result */
const text = (result) => result.content.map((/** @type {any} */ part) => part.text ?? "").join("");

/** @param {string} url */
async function wholeWay(url) {
  const callback = await listenForCallback();
  try {
    const provider = new Provider(callback.url);
    const first = await connected(url, provider);
    check(!first.client && provider.authorizeUrl, "without a token the SDK is sent to authorize");
    const asked = /** @type {URL} */ (provider.authorizeUrl).searchParams;
    check(asked.get("code_challenge_method") === "S256", "it asks with PKCE S256");
    check(asked.get("resource") === url, `it asks for the resource ${url}`);

    const person = { email: world.email, password: world.password };
    const way = await consent(/** @type {URL} */ (provider.authorizeUrl), callback.url, person);
    const seen = way.pages.length === 0 ? "no page at all" : way.pages.join(" → ");
    const wanted = world.approval === "automatic" ? 0 : 2;
    check(way.pages.length === wanted, `the browser saw ${seen}`);
    check(callback.arrived.length === 1, "and came back to the client's loopback callback");
    const answer = way.callback.searchParams;
    check(answer.get("state") === provider.state(), "with the state that was sent");
    check(answer.get("iss") === world.issuer, "and the issuer in iss");
    await first.transport.finishAuth(answer.get("code") ?? "");
    check(provider.saved?.refresh_token, "the SDK exchanged the code for tokens");

    const { client } = await connected(url, provider);
    if (!client) throw new Error("the SDK got tokens and was refused with them");
    const version = client.getServerVersion();
    check(version?.name.startsWith("tengine-"), `connected to ${version?.name} ${version?.version}`);
    const { tools } = await client.listTools();
    const names = tools.map((tool) => tool.name);
    check(
      names.join() === world.enabled_tools.join(),
      `tools/list: ${names.join(", ")}, and neither ${world.disabled_tool} nor ${world.foreign_tool}`,
    );

    const read = await client.callTool({ name: "crm-contacts-get_by_id", arguments: { id: "7" } });
    check(text(read).includes(world.tools_mark), "a call was answered by the real service");
    check(text(read).includes("Ada Lovelace"), "with the contact that was asked for");
    const made = await client.callTool({
      name: "crm-contacts-create",
      arguments: { name: "Alan Turing", email: "alan@example.com" },
    });
    check(text(made).includes(world.tools_mark), "and so was one that writes");
    for (const name of [world.disabled_tool, world.foreign_tool]) {
      const refusal = await client
        .callTool({ name, arguments: { id: "7" } })
        .then(() => undefined, (error) => error);
      check(refusal?.code === -32602, `${name} cannot be called: ${refusal?.message}`);
    }
    await seenByService(provider.saved.access_token);

    const before = provider.saved;
    provider.saved = { ...before, access_token: `${before.access_token}x` };
    const again = await client.callTool({ name: "crm-contacts-get_by_id", arguments: { id: "8" } });
    check(text(again).includes("Grace Hopper"), "with a dead access token the call still works");
    const isFresh = provider.saved.refresh_token !== before.refresh_token;
    check(isFresh, "since the SDK refreshed, and the refresh token was rotated");
    await client.close();
  } finally {
    callback.close();
  }
}

/** What reached the tool's endpoint. @param {string} accessToken */
async function seenByService(accessToken) {
  const answer = await fetch(`${world.tools_origin}/_requests`);
  const { requests } = /** @type {any} */ (await answer.json());
  const last = requests.at(-1);
  check(last.headers["x-tengine-project-id"] === world.project_id, "the service saw the project's id");
  check(!JSON.stringify(requests).includes(accessToken), "and never the client's token");
}

let passed = 0;
let failed = 0;
for (const [name, url] of [
  ["the shared Server URL", world.server_url],
  ["the integration's own URL", world.integration_url],
]) {
  console.log(`  TypeScript SDK, ${world.label}, ${name}`);
  try {
    await wholeWay(url);
    passed += 1;
  } catch (error) {
    failed += 1;
    say(`FAILED: ${error instanceof Error ? error.stack : error}`);
  }
}
console.log(`TypeScript SDK (${world.label}): ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
