// Plays Claude's connector: discovery, PKCE, the browser's way to consent and back, tokens. It does
// what Claude was seen to do: `client_secret_post`, S256, `resource` as the metadata says it.

import { createHash, randomBytes } from "node:crypto";

import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";

export const CALLBACK = "https://claude.ai/api/mcp/auth_callback";

export type Tokens = {
  access_token: string;
  refresh_token: string;
  token_type: string;
  expires_in: number;
  scope: string;
};

/** What the token endpoint answered. */
export type TokenAnswer = { status: number; body: any };

export type Keys = { client_id: string; client_secret: string; server_url: string };

type AuthorizationServer = {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  scopes_supported: string[];
  code_challenge_methods_supported: string[];
};

export class Connector {
  readonly #keys: Keys;
  readonly #verifier = randomBytes(32).toString("base64url");
  readonly state = randomBytes(16).toString("base64url");
  readonly #resource: string;
  readonly authorizationServer: AuthorizationServer;

  private constructor(keys: Keys, resource: string, authorizationServer: AuthorizationServer) {
    this.#keys = keys;
    this.#resource = resource;
    this.authorizationServer = authorizationServer;
  }

  /** From the Server URL alone to the authorization server, as the 401 and the metadata say. */
  static async discover(keys: Keys): Promise<Connector> {
    const unauthorized = await fetch(keys.server_url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
      redirect: "error",
    });
    expect(unauthorized.status).toBe(401);
    const challenge = unauthorized.headers.get("www-authenticate") ?? "";
    expect(challenge).toMatch(/^Bearer /);
    const metadataUrl = /resource_metadata="([^"]+)"/.exec(challenge)?.[1];
    const { origin, pathname } = new URL(keys.server_url);
    expect(metadataUrl).toBe(`${origin}/.well-known/oauth-protected-resource${pathname}`);

    const resource = await json(metadataUrl!);
    // Byte for byte what was typed into the dialog.
    expect(resource.resource).toBe(keys.server_url);
    const issuer: string = resource.authorization_servers[0];
    const server = await json(`${issuer}/.well-known/oauth-authorization-server`);
    expect(server.issuer).toBe(issuer);
    expect(server.code_challenge_methods_supported).toEqual(["S256"]);
    expect(server.token_endpoint_auth_methods_supported).toContain("client_secret_post");
    return new Connector(keys, resource.resource, server);
  }

  /** Where the browser is sent; `changes` overwrites parameters, and null leaves one out. */
  authorizeUrl(changes: Record<string, string | null> = {}): string {
    const url = new URL(this.authorizationServer.authorization_endpoint);
    const parameters: Record<string, string | null> = {
      response_type: "code",
      client_id: this.#keys.client_id,
      redirect_uri: CALLBACK,
      code_challenge: createHash("sha256").update(this.#verifier).digest("base64url"),
      code_challenge_method: "S256",
      state: this.state,
      scope: this.authorizationServer.scopes_supported.join(" "),
      resource: this.#resource,
      ...changes,
    };
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== null) url.searchParams.set(name, value);
    }
    return url.href;
  }

  /** The code in a callback, after the checks that a client owes itself. */
  code(callback: URL): string {
    expect(callback.origin + callback.pathname).toBe(CALLBACK);
    expect(callback.searchParams.get("state")).toBe(this.state);
    expect(callback.searchParams.get("iss")).toBe(this.authorizationServer.issuer);
    const code = callback.searchParams.get("code");
    expect(code).toBeTruthy();
    return code!;
  }

  exchange(code: string, secret = this.#keys.client_secret): Promise<TokenAnswer> {
    return this.#token(secret, {
      grant_type: "authorization_code",
      code,
      redirect_uri: CALLBACK,
      code_verifier: this.#verifier,
      resource: this.#resource,
    });
  }

  refresh(tokens: Tokens, secret = this.#keys.client_secret): Promise<TokenAnswer> {
    return this.#token(secret, {
      grant_type: "refresh_token",
      refresh_token: tokens.refresh_token,
      resource: this.#resource,
    });
  }

  async #token(secret: string, parameters: Record<string, string>): Promise<TokenAnswer> {
    const answer = await fetch(this.authorizationServer.token_endpoint, {
      method: "POST",
      body: new URLSearchParams({
        ...parameters,
        client_id: this.#keys.client_id,
        client_secret: secret,
      }),
    });
    expect(answer.headers.get("cache-control")).toContain("no-store");
    return { status: answer.status, body: await answer.json() };
  }
}

/**
 * Answers the browser in Claude's place, once, and says at which address. Through the browser's own
 * protocol: Playwright's `route` does not see the target of a redirect.
 */
export async function claudeAnswers(page: Page): Promise<() => Promise<URL>> {
  const session = await page.context().newCDPSession(page);
  const arrived = new Promise<URL>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("nobody was sent back to Claude")), 20_000);
    session.on("Fetch.requestPaused", async ({ requestId, request }) => {
      clearTimeout(late);
      await session.send("Fetch.fulfillRequest", {
        requestId,
        responseCode: 200,
        responseHeaders: [{ name: "content-type", value: "text/html" }],
        body: Buffer.from("<link rel=icon href=data:,><h1>Claude is connected</h1>").toString("base64"),
      });
      resolve(new URL(request.url));
    });
  });
  // Whoever never asks for it is not told of it either.
  arrived.catch(() => {});
  await session.send("Fetch.enable", { patterns: [{ urlPattern: "https://claude.ai/*" }] });
  return async () => {
    const callback = await arrived;
    await page.waitForURL("https://claude.ai/**");
    await session.detach();
    return callback;
  };
}

async function json(url: string): Promise<any> {
  const answer = await fetch(url, { redirect: "error" });
  expect(answer.status, url).toBe(200);
  return answer.json();
}
