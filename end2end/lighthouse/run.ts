// Lighthouse in the tests' Chromium, as on a phone, against the release program on loopback: sign-in,
// Projects, Tools and an integration's page. `scripts/lighthouse` runs it.

import { userInfo } from "node:os";

import { chromium } from "@playwright/test";
import lighthouse, { type Flags } from "lighthouse";

import { startToolService } from "../clients/tool-service.mjs";
import { inUse } from "../tests/support/in-use.ts";
import { Server, freePort } from "../tests/support/server.ts";

/** The least that is good enough, of a hundred. */
const LEAST = { performance: 95, accessibility: 100, "best-practices": 100 } as const;
type Category = keyof typeof LEAST;
const CATEGORIES = Object.keys(LEAST) as Category[];

/** How often a page is looked at whose speed was not enough: the machine does other things too. */
const LOOKS = 3;

/** What one look found. */
type Look = { scores: Record<Category, number>; numbers: Record<string, string>; failed: string[] };

const tools = await startToolService();
const server = await Server.start();
const port = await freePort();
const browser = await chromium.launch({
  executablePath: process.env.TENGINE_CHROMIUM || undefined,
  args: [`--remote-debugging-port=${port}`, ...(userInfo().uid === 0 ? ["--no-sandbox"] : [])],
});
try {
  const ada = await inUse(server, tools.origin);
  const project = `/projects/${ada.project_id}`;
  const cookie = await signedIn(ada);
  const pages: [string, string, Record<string, string>][] = [
    ["Sign-in", "/sign-in", {}],
    ["Projects", "/projects", { cookie }],
    ["Tools", `${project}/tools`, { cookie }],
    ["Integration", `${project}/integrations/${ada.integration_id}`, { cookie }],
  ];
  const failures: string[] = [];
  console.log(header());
  for (const [name, path, headers] of pages) {
    const look = await looked(`${server.url}${path}`, headers);
    console.log(row(name, look));
    for (const category of CATEGORIES) {
      if (look.scores[category] >= LEAST[category]) continue;
      failures.push(`${name}: ${category} ${look.scores[category]} < ${LEAST[category]}`, ...look.failed);
    }
  }
  if (failures.length > 0) {
    console.log(`\nNot good enough:\n  ${[...new Set(failures)].join("\n  ")}`);
    process.exitCode = 1;
  }
} finally {
  await browser.close();
  await server.stop();
  await tools.close();
}

/** Once, or the middle one of several where the first was too slow. */
async function looked(url: string, headers: Record<string, string>): Promise<Look> {
  const looks = [await look(url, headers)];
  while (looks[0].scores.performance < LEAST.performance && looks.length < LOOKS) {
    looks.push(await look(url, headers));
  }
  const [first] = looks;
  looks.sort((one, other) => one.scores.performance - other.scores.performance);
  const middle = looks[Math.floor(looks.length / 2)];
  return looks.length === 1 ? first : middle;
}

async function look(url: string, extraHeaders: Record<string, string>): Promise<Look> {
  const flags: Flags = {
    port,
    extraHeaders,
    onlyCategories: CATEGORIES,
    formFactor: "mobile",
    output: "json",
    logLevel: "error",
    // A page that listens for news is never quite still.
    maxWaitForLoad: 15_000,
  };
  const result = await lighthouse(url, flags);
  if (!result) throw new Error(`${url}: no result`);
  const { categories, audits, runtimeError, finalDisplayedUrl } = result.lhr;
  if (runtimeError) throw new Error(`${url}: ${runtimeError.message}`);
  if (finalDisplayedUrl !== url) throw new Error(`${url} led to ${finalDisplayedUrl}`);
  const score = (category: Category) => Math.round((categories[category]?.score ?? 0) * 100);
  const failed = CATEGORIES.flatMap((category) =>
    (categories[category]?.auditRefs ?? [])
      .filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 0.9)
      .map(({ id }) => `  ${category}: ${id}: ${audits[id].title} ${audits[id].displayValue ?? ""}`),
  );
  const number = (id: string) => audits[id]?.displayValue?.replaceAll("\u00a0", " ") ?? "";
  return {
    scores: Object.fromEntries(CATEGORIES.map((one) => [one, score(one)])) as Look["scores"],
    numbers: {
      FCP: number("first-contentful-paint"),
      LCP: number("largest-contentful-paint"),
      TBT: number("total-blocking-time"),
      CLS: number("cumulative-layout-shift"),
      bytes: number("total-byte-weight").replace(/^Total size was /, ""),
    },
    failed,
  };
}

function header(): string {
  const wanted = CATEGORIES.map((category) => `${category} ≥ ${LEAST[category]}`.padStart(22)).join("");
  const numbers = ["FCP", "LCP", "TBT", "CLS", "bytes"].map((name) => name.padStart(11)).join("");
  return `\n${"".padEnd(14)}${wanted}${numbers}`;
}

function row(name: string, { scores, numbers }: Look): string {
  const found = CATEGORIES.map((category) => `${scores[category]}`.padStart(22)).join("");
  return `${name.padEnd(14)}${found}${Object.values(numbers).map((one) => one.padStart(11)).join("")}`;
}

/** The cookies of somebody who signed in, as a browser sends them. */
async function signedIn(person: { email: string; password: string }): Promise<string> {
  const context = await browser.newContext({ baseURL: server.url });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL("**/projects");
  const cookies = await context.cookies();
  await context.close();
  return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}
