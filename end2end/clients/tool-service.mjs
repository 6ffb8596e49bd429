// A team's own HTTP API, small and real: a CRM on loopback that the tools call, and that remembers
// what it was asked. `node tool-service.mjs` serves it until it is stopped and prints its origin.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

/**
 * @typedef {object} Recorded
 * @property {string} method
 * @property {string} path With its query
 * @property {Record<string, string>} headers In small letters
 * @property {any} body The JSON that came, or null
 */

/**
 * @typedef {object} ToolService
 * @property {string} origin
 * @property {string} mark In every answer, and different for every run: nobody else can give it
 * @property {Recorded[]} requests
 * @property {() => Promise<void>} close
 */

const CONTACTS = [
  { id: "7", name: "Ada Lovelace", email: "ada@example.com" },
  { id: "8", name: "Grace Hopper", email: "grace@example.com" },
];

/** @returns {Promise<ToolService>} */
export async function startToolService() {
  const mark = randomUUID();
  const contacts = new Map(CONTACTS.map((contact) => [contact.id, contact]));
  /** @type {Recorded[]} */
  const requests = [];

  const server = createServer(async (request, response) => {
    /** @param {number} status @param {object} body */
    const answer = (status, body) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ ...body, served_by: mark }));
    };
    const path = request.url ?? "/";
    // What the tests ask of it themselves is not recorded.
    if (path === "/_requests") return answer(200, { requests });

    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const body = text === "" ? null : JSON.parse(text);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    requests.push({ method: request.method ?? "", path, headers, body });

    const id = /^\/contacts\/([^/?]+)$/.exec(path)?.[1];
    if (request.method === "POST" && path === "/contacts") {
      const contact = { id: String(contacts.size + 7), name: body.name, email: body.email };
      contacts.set(contact.id, contact);
      return answer(201, contact);
    }
    const contact = id && contacts.get(decodeURIComponent(id));
    if (request.method === "GET" && contact) return answer(200, contact);
    answer(404, { error: "no such contact" });
  });

  await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not a TCP address");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    mark,
    requests,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const service = await startToolService();
  console.log(JSON.stringify({ origin: service.origin, mark: service.mark }));
  process.once("SIGTERM", () => service.close());
}
