// MCP over plain fetch, in both eras, so that a test sees every byte of the answer.

export type McpAnswer = {
  status: number;
  /** The JSON-RPC message, or the JSON of a refusal. */
  body: any;
};

const MODERN = "2026-07-28";
const LEGACY = "2025-11-25";

export class Mcp {
  readonly #url: string;
  readonly #token: string;
  #id = 0;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** A request of 2026-07-28: stateless, its meaning repeated in headers. */
  modern(method: string, params: Record<string, unknown> = {}): Promise<McpAnswer> {
    const headers: Record<string, string> = {
      "mcp-protocol-version": MODERN,
      "mcp-method": method,
    };
    if (typeof params.name === "string") headers["mcp-name"] = params.name;
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": MODERN,
      "io.modelcontextprotocol/clientInfo": { name: "end2end", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    return this.#post(headers, method, { ...params, _meta });
  }

  /** A request of the revisions that begin with `initialize`. */
  legacy(method: string, params: Record<string, unknown> = {}): Promise<McpAnswer> {
    const headers: Record<string, string> = {};
    if (method !== "initialize") headers["mcp-protocol-version"] = LEGACY;
    return this.#post(headers, method, params);
  }

  initialize(): Promise<McpAnswer> {
    return this.legacy("initialize", {
      protocolVersion: LEGACY,
      capabilities: {},
      clientInfo: { name: "end2end", version: "1" },
    });
  }

  /** The names that both eras list, which must be the same. */
  async toolNames(): Promise<string[]> {
    const [modern, legacy] = [await this.modern("tools/list"), await this.legacy("tools/list")];
    const names = (answer: McpAnswer): string[] => {
      if (!answer.body.result) throw new Error(JSON.stringify(answer));
      return answer.body.result.tools.map((tool: { name: string }) => tool.name);
    };
    if (names(modern).join() !== names(legacy).join()) throw new Error("the two eras disagree");
    return names(modern);
  }

  call(name: string, args: object, era: "modern" | "legacy" = "modern"): Promise<McpAnswer> {
    return this[era]("tools/call", { name, arguments: args });
  }

  async #post(headers: Record<string, string>, method: string, params: object): Promise<McpAnswer> {
    const answer = await fetch(this.#url, {
      method: "POST",
      redirect: "error",
      headers: {
        authorization: `Bearer ${this.#token}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: ++this.#id, method, params }),
    });
    return { status: answer.status, body: message(await answer.text()) };
  }
}

/** JSON, or the last event of a stream. */
function message(text: string): any {
  if (text.startsWith("{")) return JSON.parse(text);
  const events = text.split("\n").filter((line) => line.startsWith("data: {"));
  return JSON.parse(events.at(-1)?.slice("data: ".length) ?? "null");
}
