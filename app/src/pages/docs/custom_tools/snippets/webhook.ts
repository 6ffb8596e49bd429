import type { IncomingHttpHeaders } from "node:http";
import { Webhook } from "standardwebhooks";

export function isOurs(
  secret: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): boolean {
  const given = headers as Record<string, string>;
  try {
    new Webhook(secret).verify(body, given, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}
