// The client's own callback: on loopback, at whatever port is free.

import { createServer } from "node:http";

/** The port that a server got. @param {import("node:net").Server} server */
export function portOf(server) {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not a TCP address");
  return address.port;
}

export async function listenForCallback() {
  /** @type {string[]} */
  const arrived = [];
  const server = createServer((request, response) => {
    arrived.push(request.url ?? "");
    response.end("Connected. You can close this page.");
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
  const url = `http://127.0.0.1:${portOf(server)}/callback`;
  return { url, arrived, close: () => server.close() };
}
