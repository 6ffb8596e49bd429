// strict.mjs WORLD: clients that know nothing of MCP and hold an authorization server to its
// specifications, against the server that the file WORLD describes (clients/run writes it).

import * as oidc from "openid-client";

import {
  DISCOVERY,
  authorized,
  claimsOf,
  discovered,
  issuer,
  refusal,
  toolNames,
  withCallback,
} from "./strict-client.mjs";
import { changeIntegration, check, makeIntegration, runCases, world } from "./world.mjs";

/** @typedef {import("./strict-client.mjs").Client} Client */

const resource = world.server_url;
const secret = { id: world.client_id, secret: world.client_secret, isPublic: false };

/**
 * The whole life of a connection.
 * @param {{ id: string, secret?: string, isPublic: boolean }} who @param {oidc.ClientAuth} method
 */
async function life(who, method) {
  const client = await discovered(who.id, who.secret, method);
  const { tokens, pages } = await withCallback((callback) => authorized(client, callback));
  const wanted = world.approval === "automatic" && !who.isPublic ? 0 : 2;
  check(pages.length === wanted, `the browser saw ${pages.join(" → ") || "no page at all"}`);
  await lives(client, who, tokens);
}

/**
 * @param {Client} client @param {{ id: string, isPublic: boolean }} who
 * @param {oidc.TokenEndpointResponse} tokens
 */
async function lives(client, who, tokens) {
  const first = tokens.refresh_token;
  if (!first) throw new Error("there is no refresh token");
  const claims = await claimsOf(client, tokens.access_token);
  check(claims.client_id === who.id, `the access token is one of RFC 9068, for ${claims.aud}`);
  await opens(client, tokens.access_token);

  const second = await refreshed(client, first);
  await opens(client, second.access_token);
  await introspected(client, who, second);
  check(second.refresh_token !== first, "the refresh token was rotated");
  const again = await refreshed(client, first);
  check(again.refresh_token === second.refresh_token, "presented again it has the same successor");
  check(again.access_token !== second.access_token, "with another access token");
  const third = await refreshed(client, again.refresh_token);
  const late = await refusal(refreshed(client, first));
  check(late === "400 invalid_grant", `once the successor was used it is worth nothing: ${late}`);
  await opens(client, third.access_token);

  await ended(client, who, third);
}

/** @param {Client} client @param {string} accessToken */
async function opens(client, accessToken) {
  const names = await toolNames(client, accessToken);
  check(names.join() === world.enabled_tools.join(), `it opens ${names.join(", ")}`);
}

/** @param {Client} client @param {string | undefined} token */
const refreshed = (client, token) => oidc.refreshTokenGrant(client, token ?? "", { resource });

/**
 * Introspection (RFC 7662), which only a client with a secret may ask for.
 * @param {Client} client @param {{ id: string, isPublic: boolean }} who
 * @param {oidc.TokenEndpointResponse} tokens
 */
async function introspected(client, who, tokens) {
  if (who.isPublic) {
    const refused = await refusal(oidc.tokenIntrospection(client, tokens.access_token));
    check(refused === "401 invalid_client", `a public client cannot introspect: ${refused}`);
    return;
  }
  for (const token of [tokens.access_token, tokens.refresh_token ?? ""]) {
    const { active, client_id, aud, scope } = await oidc.tokenIntrospection(client, token);
    check(active && client_id === who.id, "introspection knows the token as the client's own");
    check([aud].flat().includes(resource), `for ${aud} and ${scope}`);
  }
  const unknown = await oidc.tokenIntrospection(client, "unknown");
  check(!unknown.active && Object.keys(unknown).length === 1, "and of another it says nothing");
}

/**
 * Revocation (RFC 7009) of the refresh token, which takes the access token with it.
 * @param {Client} client @param {{ isPublic: boolean }} who @param {oidc.TokenEndpointResponse} tokens
 */
async function ended(client, who, tokens) {
  const { access_token, refresh_token = "" } = tokens;
  await oidc.tokenRevocation(client, "unknown");
  await oidc.tokenRevocation(client, refresh_token, { token_type_hint: "refresh_token" });
  await isDead(client, access_token);
  const refused = await refusal(refreshed(client, refresh_token));
  check(refused === "400 invalid_grant", `nor does the refresh token refresh: ${refused}`);
  if (!who.isPublic) {
    const { active } = await oidc.tokenIntrospection(client, access_token);
    check(active === false, "and introspection says so");
  }
  await oidc.tokenRevocation(client, refresh_token);
}

/** @param {Client} client @param {string} accessToken */
async function isDead(client, accessToken) {
  const refused = await refusal(toolNames(client, accessToken));
  check(refused === "401 invalid_token", `the access token opens nothing any more: ${refused}`);
}

/** The same, for the access token. */
async function revokedByAccessToken() {
  const client = await discovered(secret.id, secret.secret, oidc.ClientSecretBasic());
  const { tokens } = await withCallback((callback) => authorized(client, callback));
  await oidc.tokenRevocation(client, tokens.access_token, { token_type_hint: "access_token" });
  await isDead(client, tokens.access_token);
  const refused = await refusal(refreshed(client, tokens.refresh_token));
  check(refused === "400 invalid_grant", `it took the refresh token with it: ${refused}`);
}

async function publicClient() {
  const { client_id: id, client_secret } = await makeIntegration("Strict and public", "public");
  check(client_secret === null, "a public client has no secret");
  await life({ id, isPublic: true }, oidc.None());
}

/** A client that registers itself (RFC 7591), while as many integrations let it in. */
async function registered() {
  const other = await makeIntegration("Another door", "secret");
  const server = await issuer();
  await changeIntegration(world.integration_id, { self_registered: true });
  try {
    await withCallback(async (callback) => {
      const metadata = {
        client_name: "Strict stranger",
        redirect_uris: [callback],
        token_endpoint_auth_method: "none",
      };
      const client = await oidc.dynamicClientRegistration(server, metadata, oidc.None(), DISCOVERY);
      const { client_id: id, token_endpoint_auth_method } = client.clientMetadata();
      check(token_endpoint_auth_method === "none", `it registered itself and is ${id}`);
      const alone = await authorized(client, callback);
      check(alone.pages.length === 2, `with one integration it saw ${alone.pages.join(" → ")}`);
      await lives(client, { id, isPublic: true }, alone.tokens);

      await changeIntegration(other.id, { self_registered: true });
      const chose = await authorized(client, callback, { integration: other.name });
      check(chose.pages.length === 3, `with two it saw ${chose.pages.join(" → ")}`);
      await opens(client, chose.tokens.access_token);
    });
  } finally {
    await changeIntegration(other.id, { self_registered: false });
    await changeIntegration(world.integration_id, { self_registered: false });
  }
}

/** @param {oidc.ClientAuth} method */
async function ownCredentials(method) {
  const client = await discovered(secret.id, secret.secret, method);
  const asked = () => oidc.clientCredentialsGrant(client, { resource, scope: "mcp:tools" });
  const refused = await refusal(asked());
  check(refused === "400 unauthorized_client", `without the switch it gets none: ${refused}`);
  await changeIntegration(world.integration_id, { client_credentials: true });
  let tokens;
  try {
    tokens = await asked();
    check(tokens.refresh_token === undefined, "it gets an access token, and nothing to refresh");
    const claims = await claimsOf(client, tokens.access_token);
    check(claims.sub === secret.id, "whose subject is the client itself");
    await opens(client, tokens.access_token);
  } finally {
    await changeIntegration(world.integration_id, { client_credentials: false });
  }
  await isDead(client, tokens.access_token);
}

async function withoutProof() {
  const nothing = await discovered(secret.id, undefined, oidc.None());
  const wrong = await discovered(secret.id, `${secret.secret}x`, oidc.ClientSecretBasic());
  await withCallback(async (callback) => {
    for (const [client, how] of /** @type {const} */ ([[nothing, "no"], [wrong, "a wrong"]])) {
      const refused = await refusal(authorized(client, callback));
      check(refused === "401 invalid_client", `with ${how} secret its code is not taken: ${refused}`);
    }
  });
}

/** The library takes an error only with the right state and iss. */
async function denied() {
  const { client_id } = await makeIntegration("Strict and denied", "public");
  const client = await discovered(client_id, undefined, oidc.None());
  await withCallback(async (callback) => {
    const refused = await refusal(authorized(client, callback, { decision: "deny" }));
    check(refused === "access_denied", `a person who says no is the answer ${refused}`);
  });
}

await runCases("Strict clients", [
  ["client_secret_post", () => life(secret, oidc.ClientSecretPost())],
  ["client_secret_basic", () => life(secret, oidc.ClientSecretBasic())],
  ["none and PKCE", publicClient],
  ["revocation by the access token", revokedByAccessToken],
  ["dynamic registration", registered],
  ["client_credentials by post", () => ownCredentials(oidc.ClientSecretPost())],
  ["client_credentials by basic", () => ownCredentials(oidc.ClientSecretBasic())],
  ["a client without its proof", withoutProof],
  ["a person who denies", denied],
]);
