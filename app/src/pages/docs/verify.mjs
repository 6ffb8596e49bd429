import { createHash, createHmac, timingSafeEqual } from "node:crypto";

export function isOurs(secret, method, pathWithQuery, headers, body) {
  const timestamp = headers["x-tengine-timestamp"];
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false;
  const line = [
    "v1", timestamp, headers["x-tengine-request-id"],
    method, pathWithQuery, createHash("sha256").update(body).digest("hex"),
  ].join(" ");
  const expected = Buffer.from("v1=" + createHmac("sha256", secret).update(line).digest("hex"));
  const given = Buffer.from(headers["x-tengine-signature"]);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
