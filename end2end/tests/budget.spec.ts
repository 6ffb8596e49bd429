// What the first visit costs over the wire, what the second one costs, and what no page may hold.

import type { CDPSession, Page } from "@playwright/test";

import { arrive, hydrated } from "./support/dashboard.ts";
import { inUse } from "./support/in-use.ts";
import { OPEN_PAGES, ownersPages } from "./support/pages.ts";
import { expect, test } from "./support/test.ts";
import { refused } from "./support/watch.ts";

/** Bytes as they come over the wire, heads and all. */
const WASM = 350_000;
const FIRST_PAGE = 450_000;

type Transfer = {
  path: string;
  status: number;
  headers: Record<string, string>;
  /** Heads and bodies. */
  bytes: number;
  /** Of the body alone, as they came. */
  body: number;
  isCached: boolean;
};

/** What the page loads from here on. */
class Wire {
  readonly #transfers = new Map<string, Transfer>();

  static async on(page: Page): Promise<Wire> {
    const session: CDPSession = await page.context().newCDPSession(page);
    const wire = new Wire();
    const known = wire.#transfers;
    session.on("Network.responseReceived", ({ requestId, response, type }) => {
      // A stream of events ends with the page, and has a test of its own.
      if (type === "EventSource") return;
      const headers = Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]);
      const transfer = known.get(requestId) ?? { bytes: 0, body: 0, isCached: false };
      known.set(requestId, {
        ...transfer,
        path: new URL(response.url).pathname,
        status: response.status,
        headers: Object.fromEntries(headers),
        isCached: transfer.isCached || !!response.fromDiskCache,
      });
    });
    session.on("Network.requestServedFromCache", ({ requestId }) => {
      known.set(requestId, { path: "", status: 0, headers: {}, bytes: 0, body: 0, isCached: true });
    });
    session.on("Network.dataReceived", ({ requestId, encodedDataLength }) => {
      const transfer = known.get(requestId);
      if (transfer) transfer.body += encodedDataLength;
    });
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      const transfer = known.get(requestId);
      if (transfer) transfer.bytes = transfer.isCached ? 0 : encodedDataLength;
    });
    await session.send("Network.enable");
    return wire;
  }

  get all(): Transfer[] {
    return [...this.#transfers.values()];
  }

  /** Those by which a page looks and works, and not its text. */
  get assets(): Transfer[] {
    return this.all.filter(({ path }) => path.startsWith("/pkg/") || /\.(js|svg|ico)$/.test(path));
  }

  get total(): number {
    return this.all.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  forget(): void {
    this.#transfers.clear();
  }

  print(title: string): void {
    const rows = this.all.map(({ path, bytes, isCached }) => {
      const size = isCached ? "kept" : `${bytes}`;
      return `      ${size.padStart(9)}  ${path}`;
    });
    console.log(`\n      ${title}: ${this.total} bytes\n${rows.join("\n")}`);
  }
}

/** Until nothing more is on its way. */
async function settled(page: Page): Promise<void> {
  await hydrated(page);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.waitForTimeout(500);
}

test("the first visit is small, and the second transfers no asset", async ({ newPage, server, tools, watch }) => {
  const ada = await inUse(server, tools.origin);
  const other = await newPage();
  await arrive(other, ada);

  // A browser that has seen nothing, in which the person is signed in.
  const page = await newPage();
  await page.context().addCookies(await other.context().cookies());
  const wire = await Wire.on(page);
  await page.goto("/projects");
  await settled(page);
  wire.print("first visit to /projects");

  const wasm = wire.assets.filter(({ path }) => path.endsWith(".wasm"));
  expect(wasm, "one wasm").toHaveLength(1);
  expect(wasm[0].bytes, "the wasm").toBeLessThanOrEqual(WASM);
  expect(wire.total, "the whole first page").toBeLessThanOrEqual(FIRST_PAGE);
  for (const { path, headers, status } of wire.assets) {
    expect(status, path).toBe(200);
    expect.soft(headers["content-encoding"], path).toBe("br");
    if (path.startsWith("/pkg/")) {
      expect.soft(headers["cache-control"], path).toBe("public, max-age=31536000, immutable");
    }
  }

  wire.forget();
  await page.goto("/projects");
  await settled(page);
  wire.print("second visit");
  for (const { path, body, isCached, status } of wire.assets) {
    expect.soft(body, `${path} came again`).toBe(0);
    // Those whose names hold a hash are not even asked for.
    if (path.startsWith("/pkg/")) expect.soft(isCached, path).toBe(true);
    else expect.soft(isCached || status === 304 || status === 200, path).toBe(true);
  }

  for (const address of watch.addresses) expect(new URL(address).origin).toBe(server.url);
});

test("every page has a strict policy and nothing that it forbids", async ({ page, server, tools, watch }) => {
  test.setTimeout(180_000);
  watch.allow(refused(404), refused(410));
  const ada = await inUse(server, tools.origin);
  const found: string[] = [];
  const check = async (path: string) => found.push(...(await forbidden(page, path)));
  for (const path of OPEN_PAGES) await check(path);
  await arrive(page, ada);
  for (const path of await ownersPages(server, ada, tools.origin)) await check(path);
  expect(found.join("\n")).toBe("");

  const nonces = new Set<string>();
  for (let i = 0; i < 3; i++) {
    const policy = (await page.request.get("/projects")).headers()["content-security-policy"];
    nonces.add(/'nonce-([^']+)'/.exec(policy)?.[1] ?? "none");
  }
  expect(nonces.size, "a nonce for each answer").toBe(3);
});

/** What is wrong with the policy of a page, or with the page by its policy. */
async function forbidden(page: Page, path: string): Promise<string[]> {
  const answer = await page.request.get(path);
  const policy = answer.headers()["content-security-policy"] ?? "";
  const directives = new Map(
    policy.split(";").map((directive) => {
      const [name, ...sources] = directive.trim().split(/\s+/);
      return [name, sources];
    }),
  );
  const problems: string[] = [];
  const scripts = directives.get("script-src") ?? directives.get("default-src") ?? ["no policy"];
  const isStrict = scripts.every((source) => ["'none'", "'self'", "'strict-dynamic'", "'wasm-unsafe-eval'"].includes(source) || /^'nonce-[\w+/=-]{16,}'$/.test(source));
  if (!isStrict) problems.push(`scripts from ${scripts.join(" ")}`);
  if (!["'none'", "'self'"].includes(directives.get("base-uri")?.join() ?? "")) problems.push("base-uri");
  const nonce = scripts.map((source) => /^'nonce-(.*)'$/.exec(source)?.[1]).find(Boolean) ?? null;

  const html = await answer.text();
  const inside = await page.evaluate(
    ([text, nonce]) => {
      const parsed = new DOMParser().parseFromString(text ?? "", "text/html");
      const found: string[] = [];
      for (const element of parsed.querySelectorAll("*")) {
        for (const { name, value } of element.attributes) {
          if (name.startsWith("on")) found.push(`<${element.localName} ${name}="${value}">`);
          if (name === "style") found.push(`<${element.localName} style="${value}">`);
          if (/^\s*javascript:/i.test(value)) found.push(`<${element.localName} ${name}="${value}">`);
          if (["src", "href", "action"].includes(name) && /^(https?:)?\/\//.test(value) && element.localName !== "a") {
            found.push(`<${element.localName} ${name}="${value}">`);
          }
        }
      }
      for (const script of parsed.querySelectorAll("script:not([src])")) {
        if (script.getAttribute("nonce") !== nonce) found.push("a script without the nonce");
      }
      return found;
    },
    [html, nonce] as const,
  );
  return [...problems, ...inside].map((problem) => `${path}: ${problem}`);
}
