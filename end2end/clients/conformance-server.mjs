// conformance-server.mjs WORLD: MCP's conformance suite for servers, against the server that the
// file WORLD describes (clients/run writes it), once for each revision of MCP. What does not
// succeed has to be in conformance-expected.json, with the reason; and what is there must not
// succeed, so that the list only ever gets shorter.

import { spawn } from "node:child_process";
import { readFile, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import * as oidc from "openid-client";

import { startBearerProxy } from "./bearer-proxy.mjs";
import { startConformanceTools } from "./conformance-tools.mjs";
import { discovered } from "./strict-client.mjs";
import { changeIntegration, check, makeIntegration, runCases, say, world } from "./world.mjs";

const REVISIONS = ["2025-11-25", "2026-07-28"];
const SUITE = fileURLToPath(new URL("../node_modules/.bin/conformance", import.meta.url));
// The suite wants Node 22; scripts/tools/node has one where this one is older.
const isNew = Number.parseInt(process.versions.node, 10) >= 22;
const NODE = isNew ? process.execPath : (process.env.TENGINE_NODE ?? "node");

/**
 * Revision → scenario → check → why it does not succeed.
 * @type {Record<string, Record<string, Record<string, string>>>}
 */
const EXPECTED = JSON.parse(
  await readFile(new URL("conformance-expected.json", import.meta.url), "utf8"),
);

/**
 * As the suite writes it.
 * @typedef {object} Check
 * @property {string} id
 * @property {string} name
 * @property {string} status
 * @property {string} [errorMessage]
 * @property {{ note?: string, message?: string }} [details]
 */
/** @typedef {{ revision: string, scenario: string, checks: Check[] }} Judged */

/** The tools of the project. @param {string} method @param {string} path @param {object} [body] */
async function manageTools(method, path, body) {
  const url = `${world.issuer}/api/v1/projects/${world.project_id}/tools${path}`;
  const headers = { authorization: `Bearer ${world.api_key}`, "content-type": "application/json" };
  const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** The project with the suite's tools, and with no other. */
async function registered() {
  for (const { id } of (await manageTools("GET", "")).data) await manageTools("DELETE", `/${id}`);
  let changing = { id: "", is_enabled: true };
  const tools = await startConformanceTools(async () => {
    const change = { is_enabled: !changing.is_enabled };
    changing = await manageTools("PATCH", `/${changing.id}`, change);
  });
  for (const definition of tools.definitions) {
    const made = await manageTools("POST", "", definition);
    if (made.name === tools.changing) changing = made;
  }
  return tools;
}

/** An access token for the client itself: the suite has no person who could consent. */
async function accessToken() {
  const { id, client_id, client_secret } = await makeIntegration("Conformance", "secret");
  await changeIntegration(id, { client_credentials: true });
  const client = await discovered(client_id, client_secret, oidc.ClientSecretBasic());
  const wanted = { resource: world.server_url, scope: "mcp:tools" };
  return (await oidc.clientCredentialsGrant(client, wanted)).access_token;
}

/**
 * Runs the scenarios of a revision. Answers the names of all that it began, in order.
 * @param {string} revision @param {string} url @param {string} results
 */
async function runSuite(revision, url, results) {
  const args = ["server", "--url", url, "--requirements", revision, "--output-dir", results];
  const child = spawn(NODE, [SUITE, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  /** @type {string[]} */
  const begun = [];
  let promised = 0;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const name = /^=== Running scenario: (\S+) ===$/.exec(line)?.[1];
    if (name) begun.push(name);
    promised ||= Number(/^Running requirements \S+ \((\d+) scenarios\)/.exec(line)?.[1] ?? 0);
  });
  await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (begun.length === 0 || begun.length !== promised) {
    throw new Error(`${revision}: the suite began ${begun.length} scenarios of ${promised}`);
  }
  return begun;
}

/** @param {string} revision @param {string} url @returns {Promise<Judged[]>} */
async function judged(revision, url) {
  const results = join(dirname(process.argv[2]), `conformance-${revision}`);
  await rm(results, { recursive: true, force: true });
  const names = await runSuite(revision, url, results);
  const folders = await readdir(results);
  return Promise.all(
    names.map(async (scenario) => {
      // The rest of the name is the time.
      const folder = folders.find((name) => /^server-(.+)-\d{4}-/.exec(name)?.[1] === scenario);
      const file = join(results, String(folder), "checks.json");
      const checks = await readFile(file, "utf8").then(JSON.parse, () => []);
      return { revision, scenario, checks };
    }),
  );
}

/**
 * What stands against a scenario, by check: anything but a success, and no success at all.
 * @param {Judged} scenario
 */
function objections({ checks }) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const { id, name, status, errorMessage, details } of checks) {
    if (status === "SUCCESS" || status === "INFO") continue;
    const why = errorMessage ?? details?.note ?? details?.message ?? "the suite does not say why";
    found.set(`${id} (${name})`, `${status}: ${why}`);
  }
  const succeeded = checks.some(({ status }) => status === "SUCCESS");
  if (!succeeded && found.size === 0) found.set("nothing", "no check of it succeeded");
  return found;
}

/** @param {Judged} scenario */
const listed = ({ revision, scenario }) => EXPECTED[revision]?.[scenario] ?? {};

/** @param {Judged} scenario */
async function asExpected(scenario) {
  const found = objections(scenario);
  const expected = listed(scenario);
  const wrong = [...found].filter(([id]) => !(id in expected)).map(([id, why]) => `${id}: ${why}`);
  for (const id of Object.keys(expected)) {
    if (!found.has(id)) wrong.push(`${id} succeeds now: take it off the list`);
  }
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
  for (const [id, why] of Object.entries(expected)) say(`listed: ${id}: ${why}`);
  if (found.size === 0) say("passed");
}

/** @param {Judged[]} scenarios */
async function counted(scenarios) {
  const ran = new Set(scenarios.map(({ revision, scenario }) => `${revision} ${scenario}`));
  for (const [revision, names] of Object.entries(EXPECTED)) {
    for (const name of Object.keys(names)) {
      if (!ran.has(`${revision} ${name}`)) throw new Error(`${revision} has no scenario ${name}`);
    }
  }
  for (const revision of REVISIONS) {
    const own = scenarios.filter((scenario) => scenario.revision === revision);
    const passed = own.filter((scenario) => objections(scenario).size === 0).length;
    const onList = own.filter((scenario) => Object.keys(listed(scenario)).length > 0).length;
    check(own.length > 0, `${revision}: ${own.length} scenarios, ${passed} passed, ${onList} listed`);
  }
}

const tools = await registered();
const proxy = await startBearerProxy(world.issuer, await accessToken());
const url = proxy.origin + new URL(world.server_url).pathname;
/** @type {Judged[]} */
const scenarios = [];
for (const revision of REVISIONS) scenarios.push(...(await judged(revision, url)));
proxy.close();
tools.close();

await runCases("Conformance suite for servers", [
  ["the count", () => counted(scenarios)],
  ...scenarios.map(
    (scenario) =>
      /** @type {[string, () => Promise<void>]} */ ([
        `${scenario.revision} ${scenario.scenario}`,
        () => asExpected(scenario),
      ]),
  ),
]);
