// What people hold in their hands: a passkey in the browser's virtual authenticator, and an app that
// shows six digits.

import { createHmac } from "node:crypto";

import type { CDPSession, Page } from "@playwright/test";

/** Chromium's virtual authenticator: like the one in a laptop, with a finger always on it. */
export class VirtualAuthenticator {
  readonly #session: CDPSession;
  readonly #id: string;

  private constructor(session: CDPSession, id: string) {
    this.#session = session;
    this.#id = id;
  }

  static async on(page: Page): Promise<VirtualAuthenticator> {
    const session = await page.context().newCDPSession(page);
    await session.send("WebAuthn.enable");
    const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return new VirtualAuthenticator(session, authenticatorId);
  }

  async credentials() {
    const { credentials } = await this.#session.send("WebAuthn.getCredentials", {
      authenticatorId: this.#id,
    });
    return credentials;
  }

  /** What somebody has who copied the passkey when its counter was at this number. */
  async windBack(signCount: number): Promise<void> {
    for (const credential of await this.credentials()) {
      await this.#session.send("WebAuthn.removeCredential", {
        authenticatorId: this.#id,
        credentialId: credential.credentialId,
      });
      await this.#session.send("WebAuthn.addCredential", {
        authenticatorId: this.#id,
        credential: { ...credential, signCount },
      });
    }
  }
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The six digits (RFC 6238) of a secret in base32, `steps` half minutes from now. */
export function totp(secret: string, steps = 0): string {
  const bits = [...secret.replace(/\s/g, "")]
    .map((character) => ALPHABET.indexOf(character).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac("sha1", key).update(counter).digest();
  const offset = hash[19] & 15;
  const number = (hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000;
  return number.toString().padStart(6, "0");
}
