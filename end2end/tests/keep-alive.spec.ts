// A client keeps its connection, and sends the next request on it. If a refusal closes the
// connection without saying so, that next request is lost: in Claude, a connection that "fails with
// no visible request".

import { once } from "node:events";
import { connect } from "node:net";

import { Connector } from "./support/connector.ts";
import { expect, test } from "./support/test.ts";

/** Sends the head of a POST, and its body only after the answer; twice on one connection. */
async function twice(port: number, path: string): Promise<string[]> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} });
  const head = [
    `POST ${path} HTTP/1.1`,
    "host: localhost",
    "content-type: application/json",
    `content-length: ${body.length}`,
    "\r\n",
  ].join("\r\n");
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  let text = "";
  let isClosed = false;
  socket.on("data", (chunk) => (text += chunk));
  socket.on("error", () => (isClosed = true));
  socket.on("close", () => (isClosed = true));
  await once(socket, "connect");
  const answers = () => text.split(/(?=HTTP\/1\.1 \d)/).filter((answer) => answer !== "");
  for (let sent = 1; sent <= 2; sent++) {
    socket.write(head);
    // A client's body is often a packet of its own, a moment later.
    await new Promise((later) => setTimeout(later, 20));
    socket.write(body);
    await expect.poll(() => isClosed || answers().length >= sent, { timeout: 3_000 }).toBe(true);
    // Where the server says that it closes, a client knows to open another.
    if (/^connection: close/im.test(text)) break;
  }
  socket.destroy();
  return answers();
}

test("a refusal leaves the connection usable, or says that it closes it", async ({ server }) => {
  const port = Number(new URL(server.url).port);
  const ada = await server.bootstrap({ email: "ada@example.com", project: "CRM" });
  await Connector.discover(ada);
  const paths = ["/mcp/", new URL(ada.integration_url).pathname, "/mcp/nobody/", "/api/v1/projects"];
  for (const path of paths) {
    const answers = await twice(port, path);
    const isKept = answers.length === 2 || /^connection: close/im.test(answers[0]);
    expect.soft(isKept, `${path}: the second request on the connection is lost`).toBe(true);
  }
});
