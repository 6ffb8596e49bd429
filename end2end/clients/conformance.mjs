// conformance.mjs WORLD: MCP's conformance suite for authorization servers, against the server that
// the file WORLD describes (clients/run writes it). Every scenario that the suite lists has to run,
// and each of its checks to succeed: one that was skipped or only warns is a failure here.

import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { readFile, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { portOf } from "./callback.mjs";
import { consent } from "./plain-browser.mjs";
import { check, makeIntegration, person, runCases, say, world } from "./world.mjs";

const SUITE = fileURLToPath(new URL("../node_modules/.bin/conformance", import.meta.url));
// The suite wants Node 22; scripts/tools/node has one where this one is older.
const isNew = Number.parseInt(process.versions.node, 10) >= 22;
const NODE = isNew ? process.execPath : (process.env.TENGINE_NODE ?? "node");

/**
 * Runs the suite; `onLine` gets each line that it prints. Answers its exit code.
 * @param {string[]} args @param {(line: string) => void} onLine @returns {Promise<number | null>}
 */
async function suite(args, onLine) {
  const child = spawn(NODE, [SUITE, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  createInterface({ input: child.stdout }).on("line", onLine);
  return ended;
}

/** @returns {Promise<string[]>} */
async function scenarios() {
  /** @type {string[]} */
  const names = [];
  await suite(["list", "--authorization"], (line) => {
    const name = /^ +- ([\w-]+)/.exec(line)?.[1];
    if (name) names.push(name);
  });
  if (names.length === 0) throw new Error("the suite lists no scenario");
  return names;
}

async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
  const port = portOf(server);
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Runs everything, and consents where the suite asks its user to. @param {string} results */
async function runAll(results) {
  // The suite never uses a secret where the metadata offers “none”, so its client has to have none.
  const { client_id } = await makeIntegration("Conformance", "public");
  const port = await freePort();
  const args = ["authorization", "--url", world.issuer, "--client-id", client_id];
  args.push("--resource", world.server_url, "--port", String(port), "--output-dir", results);
  /** @type {Promise<unknown>[]} */
  const consents = [];
  const status = await suite(args, (line) => {
    if (!line.startsWith(`${world.issuer}/`)) return;
    const callback = `http://127.0.0.1:${port}/callback`;
    consents.push(
      consent(new URL(line), callback, person).then(
        (way) => say(`the browser saw ${way.pages.join(" → ")}`),
        // The suite would wait for minutes; its case fails where the callback says why.
        (error) => fetch(`${callback}?${new URLSearchParams({ error: String(error) })}`),
      ),
    );
  });
  await Promise.all(consents);
  return status;
}

/** @param {string} results @param {string} scenario */
async function checksOf(results, scenario) {
  const folders = (await readdir(results)).filter((name) =>
    name.startsWith(`authorization-server-${scenario}-`),
  );
  check(folders.length === 1, "the suite ran it");
  return JSON.parse(await readFile(join(results, folders[0], "checks.json"), "utf8"));
}

/** @param {string} results @param {string} scenario */
async function succeeded(results, scenario) {
  const checks = await checksOf(results, scenario);
  check(checks.length > 0, `with ${checks.length} checks`);
  for (const { id, status, description, errorMessage } of checks) {
    const why = errorMessage ? `, ${errorMessage}` : "";
    check(status === "SUCCESS", `${id}: ${status}: ${description}${why}`);
  }
}

const results = join(dirname(process.argv[2]), "conformance");
await rm(results, { recursive: true, force: true });
const names = await scenarios();
await runCases("Conformance suite", [
  ["its own verdict", async () => check((await runAll(results)) === 0, "nothing failed")],
  ...names.map(
    (name) => /** @type {[string, () => Promise<void>]} */ ([name, () => succeeded(results, name)]),
  ),
]);
