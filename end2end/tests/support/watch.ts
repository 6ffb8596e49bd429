// Notes everything on the pages of a test that should not be there: errors and warnings in the
// console (what a broken policy, a failed hydration or a refused request leaves), exceptions,
// requests that fail, and requests to anyone but the server under test.

import type { Page } from "@playwright/test";

/** Besides the server, whom the tests themselves answer for. */
const PLAYED = "https://claude.ai";

export class Watch {
  /** Every address that a page asked for. */
  readonly addresses: string[] = [];
  readonly #origin: string;
  readonly #problems: string[] = [];
  readonly #allowed: RegExp[] = [];
  #isOver = false;

  constructor(origin: string) {
    this.#origin = origin;
  }

  add(page: Page): void {
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) {
        const where = message.location().url;
        this.#note(`console ${message.type()}: ${message.text()} (${where})`);
      }
    });
    page.on("pageerror", (error) => this.#note(`exception: ${error.stack ?? error}`));
    page.on("request", (request) => {
      const address = request.url();
      this.addresses.push(address);
      const isKnown =
        /^(data|blob):/.test(address) ||
        [this.#origin, PLAYED].some((one) => address === one || address.startsWith(`${one}/`));
      if (!isKnown) this.#note(`a request to someone else: ${address}`);
    });
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText;
      // The page was left before it was whole, which is the test's doing and not the page's.
      if (why === "net::ERR_ABORTED") return;
      this.#note(`request failed: ${request.method()} ${request.url()} ${why}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 500) {
        this.#note(`the server failed: ${response.status()} ${response.url()}`);
      }
    });
  }

  #note(problem: string): void {
    if (!this.#isOver) this.#problems.push(problem);
  }

  /** In this test a problem like this is expected. */
  allow(...patterns: RegExp[]): void {
    this.#allowed.push(...patterns);
  }

  /** The test is over: what its pages do while they are closed does not count. */
  stop(): void {
    this.#isOver = true;
  }

  get problems(): string[] {
    return this.#problems.filter((problem) => !this.#allowed.some((one) => one.test(problem)));
  }
}

/** What the console says of an answer with this status. */
export function refused(status: number, address: RegExp | string = ""): RegExp {
  const where = typeof address === "string" ? address : address.source;
  return new RegExp(`^console error: Failed to load resource: .* ${status} .*${where}`);
}
