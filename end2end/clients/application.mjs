// What an application gives a TypeScript SDK of either generation: who it is, and a memory.

import { world } from "./world.mjs";

/**
 * How the server comes to know the client: by what a person copied from the integration's page, by
 * registering itself (RFC 7591), or by a document whose URL is the client's id.
 * @typedef {"copied" | "registered" | "document"} Known
 */

// The server has the documents of the well-known clients built in, so nothing is fetched.
const DOCUMENT = "https://claude.ai/oauth/claude-code-client-metadata";

export class Application {
  /** The tokens. @type {any} */
  saved;
  /** @type {URL | undefined} */
  authorizeUrl;
  /** Who the SDK asks as. @type {any} */
  client;
  #verifier = "";
  /** @type {any} */
  #discovered;
  #state = crypto.randomUUID();

  /** @param {string} callback @param {Known} known */
  constructor(callback, known) {
    this.redirectUrl = callback;
    if (known === "copied") {
      const { client_id, client_secret, issuer } = world;
      this.client = { client_id, client_secret, issuer };
    } else {
      this.saveClientInformation = (/** @type {any} */ client) => void (this.client = client);
    }
    if (known === "document") this.clientMetadataUrl = DOCUMENT;
  }
  get clientMetadata() {
    return {
      redirect_uris: [this.redirectUrl],
      client_name: "end2end",
      token_endpoint_auth_method: "none",
    };
  }
  clientInformation() {
    return this.client;
  }
  state() {
    return this.#state;
  }
  tokens() {
    return this.saved;
  }
  /** @param {any} tokens */
  saveTokens(tokens) {
    this.saved = tokens;
  }
  /** @param {URL} url */
  redirectToAuthorization(url) {
    this.authorizeUrl = url;
  }
  /** @param {string} verifier */
  saveCodeVerifier(verifier) {
    this.#verifier = verifier;
  }
  codeVerifier() {
    return this.#verifier;
  }
  // The second generation compares what it found before the browser went away with what it finds
  // when the browser is back.
  /** @param {any} found */
  saveDiscoveryState(found) {
    this.#discovered = found;
  }
  discoveryState() {
    return this.#discovered;
  }
}
