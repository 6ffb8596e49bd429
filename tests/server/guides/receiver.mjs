// receiver.mjs FOLDER SNIPPET SECRET: an endpoint that lets in (204) what the guide's snippet takes
// for ours, and nothing else (401). Prints its port.

import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, name, secret] = process.argv.slice(2);
const { isOurs } = await import(pathToFileURL(join(folder, `${name}.ts`)).href);

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const { method, url, headers } = request;
  const ours =
    name === "webhook"
      ? isOurs(secret, headers, body)
      : isOurs(secret, method, url, headers, body);
  response.writeHead(ours ? 204 : 401).end();
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
