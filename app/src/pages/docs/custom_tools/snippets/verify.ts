import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

export function isOurs(
  secret: string,
  method: string,
  pathWithQuery: string,
  headers: IncomingHttpHeaders,
  body: Uint8Array,
): boolean {
  // Node joins what came twice, and then it is neither a time nor a signature.
  const one = (name: string) => String(headers[name] ?? "");
  const timestamp = one("x-tengine-timestamp");
  if (!/^[0-9]{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false;
  const line = [
    "v1", timestamp, one("x-tengine-request-id"),
    method, pathWithQuery, createHash("sha256").update(body).digest("hex"),
  ].join(" ");
  const hmac = createHmac("sha256", secret).update(line).digest("hex");
  const expected = Buffer.from("v1=" + hmac);
  const given = Buffer.from(one("x-tengine-signature"));
  return expected.length === given.length && timingSafeEqual(expected, given);
}
