// What every client here shares: the world that clients/run made, how it says what holds, and how
// its cases are counted.

import { readFile } from "node:fs/promises";

/** What clients/run wrote down of the server under test. @type {any} */
export const world = JSON.parse(await readFile(process.argv[2], "utf8"));

/** @type {import("./plain-browser.mjs").Person} */
export const person = { email: world.email, password: world.password };

/** @param {string} text */
export const say = (text) => console.log(`    ${text}`);

/** @param {unknown} holds @param {string} what */
export function check(holds, what) {
  if (!holds) throw new Error(`not so: ${what}`);
  say(what);
}

/**
 * A call of the management API for the project, which needs to answer with the status.
 * @param {string} method @param {string} path @param {object} body @param {number} status
 * @returns {Promise<any>}
 */
async function manage(method, path, body, status) {
  const answer = await fetch(`${world.issuer}/api/v1/projects/${world.project_id}${path}`, {
    method,
    headers: { authorization: `Bearer ${world.api_key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

/** Changes an integration of the project. @param {string} id @param {object} change */
export const changeIntegration = (id, change) =>
  manage("PATCH", `/integrations/${id}`, change, 200);

/** Makes another integration in the project. @param {string} name @param {"secret" | "public"} kind */
export const makeIntegration = (name, kind) =>
  manage(
    "POST",
    "/integrations",
    {
      // Its own, so that a client can run again in the same world.
      name: `${name} ${crypto.randomUUID()}`,
      client_kind: kind,
      redirect_uris: ["http://127.0.0.1/callback"],
    },
    201,
  );

/**
 * Runs the cases one after the other, and ends the program.
 * @param {string} client @param {[name: string, run: () => Promise<void>][]} cases
 * @returns {Promise<never>}
 */
export async function runCases(client, cases) {
  let passed = 0;
  let failed = 0;
  for (const [name, run] of cases) {
    console.log(`  ${client}, ${world.label}, ${name}`);
    try {
      await run();
      passed += 1;
    } catch (error) {
      failed += 1;
      say(`FAILED: ${error instanceof Error ? error.stack : error}`);
      // The strict libraries say in the cause what the server really answered.
      if (error instanceof Error && error.cause) console.log(error.cause);
    }
  }
  console.log(`${client} (${world.label}): ${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
