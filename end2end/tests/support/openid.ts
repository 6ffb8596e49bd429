// A real OpenID provider beside the server under test.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { join } from "node:path";

import type { Page } from "@playwright/test";

export type OpenIdAccounts = Record<string, { email?: string; email_verified?: boolean }>;

export class OpenIdProvider {
  readonly issuer: string;
  readonly clientId = "tengine";
  readonly clientSecret = "a-secret-of-the-tests";
  readonly #process: ChildProcess;

  private constructor(issuer: string, process: ChildProcess) {
    this.issuer = issuer;
    this.#process = process;
  }

  /** One that sends people back to these addresses. */
  static async start(
    redirectUris: string[],
    accounts: OpenIdAccounts,
    port = "0",
  ): Promise<OpenIdProvider> {
    const child = spawn(
      process.env.TENGINE_NODE || process.execPath,
      [join(import.meta.dirname, "openid.mjs")],
      {
        env: {
          PATH: process.env.PATH,
          PORT: port,
          ACCOUNTS: JSON.stringify(accounts),
          REDIRECT_URIS: JSON.stringify(redirectUris),
        },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const lines = createInterface({ input: child.stdout! });
    const [issuer] = await Promise.race([
      once(lines, "line"),
      once(child, "exit").then(([code]) => {
        throw new Error(`the OpenID provider ended with ${code}`);
      }),
    ]);
    return new OpenIdProvider(issuer, child);
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    await ended;
  }

  /** What a person does on its pages: signs in, and lets the client have what it asks for. */
  async signIn(page: Page, login: string): Promise<void> {
    await page.waitForURL(`${this.issuer}/interaction/*`);
    await page.locator("input[name=login]").fill(login);
    await page.locator("input[name=password]").fill("any");
    await page.locator("button[type=submit]").click();
    await page.waitForURL(`${this.issuer}/interaction/*`);
    await page.locator("button[type=submit]").click();
  }
}
