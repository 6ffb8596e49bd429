// A reverse proxy on loopback for a client that has no way to send a token: it adds the header to
// each request's head. Everything else passes byte for byte and as it comes, in both directions,
// spaces in headers and events of a stream included; and where one side leaves, so does the other.

import { connect, createServer } from "node:net";

import { portOf } from "./callback.mjs";

const END_OF_HEAD = "\r\n\r\n";

/** @typedef {{ origin: string, close: () => void }} BearerProxy */

/**
 * @param {string} upstream The origin to pass requests on to @param {string} token
 * @returns {Promise<BearerProxy>}
 */
export async function startBearerProxy(upstream, token) {
  const { hostname, port } = new URL(upstream);
  let origin = "";

  /** @param {string} head The request line and the headers, without their end */
  const withToken = (head) => {
    const lines = head.split("\r\n").filter((line) => !/^connection:/i.test(line));
    // The proxy stands where the server's public URL would lead, so its own origin is the server's.
    const own = lines.map((line) =>
      line.toLowerCase() === `origin: ${origin}` ? `Origin: ${upstream}` : line,
    );
    // One request to a connection: there is only one head to find.
    return [...own, `Authorization: Bearer ${token}`, "Connection: close"].join("\r\n");
  };

  /** @type {Set<import("node:net").Socket>} */
  const open = new Set();
  const server = createServer((client) => {
    const target = connect(Number(port), hostname);
    for (const [socket, other] of [[client, target], [target, client]]) {
      open.add(socket);
      socket.once("close", () => open.delete(socket) && other.destroySoon());
      // Its “close” follows.
      socket.on("error", () => {});
    }
    let head = "";
    /** @param {Buffer} chunk */
    const collect = (chunk) => {
      head += chunk.toString("latin1");
      const end = head.indexOf(END_OF_HEAD);
      if (end < 0) return;
      client.off("data", collect);
      target.write(withToken(head.slice(0, end)) + head.slice(end), "latin1");
      client.pipe(target);
    };
    client.on("data", collect);
    target.pipe(client);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
  origin = `http://127.0.0.1:${portOf(server)}`;
  return {
    origin,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
