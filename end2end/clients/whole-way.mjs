// The whole way of a client that a TypeScript SDK connects, of either generation: it is sent to
// authorize, a person consents, it lists and calls tools, and it refreshes.

import { Application } from "./application.mjs";
import { listenForCallback } from "./callback.mjs";
import { consent } from "./plain-browser.mjs";
import { check, person, world } from "./world.mjs";

/** The forms of the URL that a person may type: each without its slash, and with it. */
const FORMS = [world.server_url, world.integration_url]
  .map((url) => url.replace(/\/$/, ""))
  .flatMap((url) => [url, `${url}/`]);

/**
 * What differs between the SDKs.
 * @typedef {object} Sdk
 * @property {(url: URL, application: any) => Connection} open
 * @property {(error: unknown) => boolean} isUnauthorized
 */

/**
 * @typedef {object} Connection
 * @property {any} client
 * @property {() => Promise<void>} connect
 * @property {(answer: URLSearchParams) => Promise<void>} finish Takes what came to the callback.
 */

/** @param {any} result */
const text = (result) => result.content.map((/** @type {any} */ part) => part.text ?? "").join("");

/**
 * @param {Sdk} sdk @param {string} url
 * @param {import("./application.mjs").Known} [known]
 */
export const wholeWay = (sdk, url, known = "copied") =>
  connected(sdk, url, known, async (client, application) => {
    await use(client, application);
    await refresh(client, application);
  });

/**
 * A case for each form of the URL, as far as a first list and a first call: the metadata has to
 * name as its `resource` what was typed, to the slash, and the token for that has to open it.
 * @param {Sdk} sdk @param {string} [how]
 * @returns {[name: string, run: () => Promise<void>][]}
 */
export const formCases = (sdk, how = "") =>
  FORMS.map((url) => [
    `${new URL(url).pathname}${how}`,
    () => connected(sdk, url, "copied", listAndCall),
  ]);

/**
 * @param {Sdk} sdk @param {string} url @param {import("./application.mjs").Known} known
 * @param {(client: any, application: Application) => Promise<void>} then
 */
async function connected(sdk, url, known, then) {
  const callback = await listenForCallback();
  try {
    const application = new Application(callback.url, known);
    await authorized(sdk, url, application, callback);
    const { client, connect } = sdk.open(new URL(url), application);
    await connect();
    await then(client, application);
    await client.close();
  } finally {
    callback.close();
  }
}

/**
 * @param {Sdk} sdk @param {string} url @param {Application} application
 * @param {Awaited<ReturnType<typeof listenForCallback>>} callback
 */
async function authorized(sdk, url, application, callback) {
  const first = sdk.open(new URL(url), application);
  const refusal = await first.connect().then(() => undefined, (error) => error);
  if (refusal && !sdk.isUnauthorized(refusal)) throw refusal;
  check(refusal && application.authorizeUrl, "without a token the SDK is sent to authorize");
  const authorizeUrl = /** @type {URL} */ (application.authorizeUrl);
  const asked = authorizeUrl.searchParams;
  check(asked.get("client_id") === application.client.client_id, `it is ${asked.get("client_id")}`);
  check(asked.get("code_challenge_method") === "S256", "it asks with PKCE S256");
  check(asked.get("resource") === url, `it asks for the resource ${url}`);

  const way = await consent(authorizeUrl, callback.url, person);
  const seen = way.pages.length === 0 ? "no page at all" : way.pages.join(" → ");
  // Only a secret can stand in for a person.
  const isAutomatic = world.approval === "automatic" && application.client.client_secret;
  check(way.pages.length === (isAutomatic ? 0 : 2), `the browser saw ${seen}`);
  check(callback.arrived.length === 1, "and came back to the client's loopback callback");
  const answer = way.callback.searchParams;
  check(answer.get("state") === application.state(), "with the state that was sent");
  check(answer.get("iss") === world.issuer, "and the issuer in iss");
  await first.finish(answer);
  check(application.saved?.refresh_token, "the SDK exchanged the code for tokens");
}

/** @param {any} client */
async function listAndCall(client) {
  const version = client.getServerVersion();
  check(version?.name.startsWith("tengine-"), `connected to ${version?.name} ${version?.version}`);
  const { tools } = await client.listTools();
  const names = tools.map((/** @type {any} */ tool) => tool.name);
  check(
    names.join() === world.enabled_tools.join(),
    `tools/list: ${names.join(", ")}, and neither ${world.disabled_tool} nor ${world.foreign_tool}`,
  );

  const read = await client.callTool({ name: "crm-contacts-get_by_id", arguments: { id: "7" } });
  check(text(read).includes(world.tools_mark), "a call was answered by the real service");
  check(text(read).includes("Ada Lovelace"), "with the contact that was asked for");
}

/** @param {any} client @param {Application} application */
async function use(client, application) {
  await listAndCall(client);
  const made = await client.callTool({
    name: "crm-contacts-create",
    arguments: { name: "Alan Turing", email: "alan@example.com" },
  });
  check(text(made).includes(world.tools_mark), "and so was one that writes");
  for (const name of [world.disabled_tool, world.foreign_tool]) {
    const refusal = await client
      .callTool({ name, arguments: { id: "7" } })
      .then(() => undefined, (/** @type {any} */ error) => error);
    check(refusal?.code === -32602, `${name} cannot be called: ${refusal?.message}`);
  }
  await seenByService(application.saved.access_token);
}

/** What reached the tool's endpoint. @param {string} accessToken */
async function seenByService(accessToken) {
  const answer = await fetch(`${world.tools_origin}/_requests`);
  const { requests } = /** @type {any} */ (await answer.json());
  const last = requests.at(-1);
  check(last.headers["x-tengine-project-id"] === world.project_id, "the service saw the project's id");
  check(!JSON.stringify(requests).includes(accessToken), "and never the client's token");
}

/** @param {any} client @param {Application} application */
async function refresh(client, application) {
  const before = application.saved;
  application.saved = { ...before, access_token: `${before.access_token}x` };
  const again = await client.callTool({ name: "crm-contacts-get_by_id", arguments: { id: "8" } });
  check(text(again).includes("Grace Hopper"), "with a dead access token the call still works");
  const isFresh = application.saved.refresh_token !== before.refresh_token;
  check(isFresh, "since the SDK refreshed, and the refresh token was rotated");
}
