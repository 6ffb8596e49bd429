// The steps of a client that takes nothing on trust: openid-client does OAuth, and oauth4webapi
// under it checks every answer; what the server writes differently from its specification throws.

import * as oauth from "oauth4webapi";
import * as oidc from "openid-client";

import { listenForCallback } from "./callback.mjs";
import { consent } from "./plain-browser.mjs";
import { check, person, world } from "./world.mjs";

/** @typedef {oidc.Configuration} Client */

// The server under test has http on loopback.
const PLAIN_HTTP = { [oauth.allowInsecureRequests]: true };
/** @type {oidc.DiscoveryRequestOptions} */
export const DISCOVERY = { algorithm: "oauth2", execute: [oidc.allowInsecureRequests] };

/**
 * The authorization server of the MCP server, by the documents of RFC 9728 and RFC 8414.
 * @param {string} clientId @param {string | undefined} secret @param {oidc.ClientAuth} method
 */
export async function discovered(clientId, secret, method) {
  return oidc.discovery(await issuer(), clientId, secret, method, DISCOVERY);
}

/** Who issues tokens for the MCP server, as that one says (RFC 9728). */
export async function issuer() {
  const resource = new URL(world.server_url);
  const answer = await oauth.resourceDiscoveryRequest(resource, PLAIN_HTTP);
  const { authorization_servers } = await oauth.processResourceDiscoveryResponse(resource, answer);
  check(authorization_servers?.length === 1, `the MCP server names ${authorization_servers}`);
  return new URL(/** @type {string[]} */ (authorization_servers)[0]);
}

/**
 * Has a person consent, and spends the code. The library looks at state, and at iss as RFC 9207 asks.
 * @param {Client} client @param {string} callback @param {import("./plain-browser.mjs").Choice} choice
 */
export async function authorized(client, callback, choice = {}) {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const expectedState = oidc.randomState();
  const authorizeUrl = oidc.buildAuthorizationUrl(client, {
    redirect_uri: callback,
    scope: "mcp:tools offline_access",
    resource: world.server_url,
    state: expectedState,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
  });
  const way = await consent(authorizeUrl, callback, person, choice);
  check(way.callback.searchParams.get("iss") === world.issuer, "the answer names its issuer");
  const tokens = await oidc.authorizationCodeGrant(
    client,
    way.callback,
    { pkceCodeVerifier, expectedState },
    { resource: world.server_url },
  );
  return { tokens, pages: way.pages };
}

/** @template T @param {(callback: string) => Promise<T>} use @returns {Promise<T>} */
export async function withCallback(use) {
  const callback = await listenForCallback();
  try {
    return await use(callback.url);
  } finally {
    callback.close();
  }
}

/**
 * What the access token says, once its signature, type, issuer, audience and times were checked as
 * RFC 9068 asks.
 * @param {Client} client @param {string} accessToken
 */
export function claimsOf(client, accessToken) {
  const request = new Request(world.server_url, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  const server = /** @type {oauth.AuthorizationServer} */ (client.serverMetadata());
  return oauth.validateJwtAccessToken(server, request, world.server_url, PLAIN_HTTP);
}

/** The tools that the token opens. @param {Client} client @param {string} accessToken */
export async function toolNames(client, accessToken) {
  const answer = await oidc.fetchProtectedResource(
    client,
    accessToken,
    new URL(world.server_url),
    "POST",
    JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
    new Headers({
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2025-11-25",
    }),
  );
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status} ${text}`);
  // One JSON object, or one event that holds it.
  const { result } = JSON.parse(text.replace(/^(event|id|retry):.*\n|^data: /gm, ""));
  return result.tools.map((/** @type {any} */ tool) => tool.name);
}

/**
 * How something is refused: the status, and the code of the error.
 * @param {Promise<unknown>} attempt
 */
export async function refusal(attempt) {
  const error = await attempt.then(
    () => {
      throw new Error("it was not refused");
    },
    (error) => error,
  );
  if (error instanceof oidc.ResponseBodyError) return `${error.status} ${error.error}`;
  if (error instanceof oidc.AuthorizationResponseError) return error.error;
  if (error instanceof oidc.WWWAuthenticateChallengeError) {
    const [{ scheme, parameters }] = error.cause;
    // A Basic challenge has no place for the code, which is in the body then (RFC 6749 §5.2).
    const { error: code } = scheme === "bearer" ? parameters : await error.response.json();
    return `${error.status} ${code}`;
  }
  throw error;
}
