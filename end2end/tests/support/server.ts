// The real program on a port and with data of its own, started for one test and stopped after it.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import type { ToolInput } from "./tools.ts";

const BIN = process.env.TENGINE_BIN;
const REPOSITORY = join(import.meta.dirname, "../../..");

/** What `tengine bootstrap --json` prints, and what it was given. */
export type Bootstrapped = {
  email: string;
  password: string;
  user_id: string;
  project_id: string;
  integration_id: string;
  client_id: string;
  client_secret: string;
  server_url: string;
  integration_url: string;
  api_key: string;
};

export class Server {
  /** The public URL: an origin. */
  readonly url: string;
  log = "";
  #dataDir: string;
  #env: NodeJS.ProcessEnv;
  #process: ChildProcess | undefined;

  private constructor(port: number, dataDir: string, settings: Record<string, string>) {
    this.url = `http://localhost:${port}`;
    this.#dataDir = dataDir;
    this.#env = {
      PATH: process.env.PATH,
      RUST_LOG: process.env.RUST_LOG,
      NO_COLOR: "1",
      TENGINE_LISTEN: `127.0.0.1:${port}`,
      TENGINE_PUBLIC_URL: this.url,
      TENGINE_DATA_DIR: dataDir,
      TENGINE_TOOLS_ALLOW: "127.0.0.1",
      ...settings,
    };
  }

  static async start(settings: Record<string, string> = {}): Promise<Server> {
    if (!BIN) throw new Error("TENGINE_BIN names no program: run scripts/e2e");
    const dataDir = await mkdtemp(join(tmpdir(), "tengine-e2e-"));
    const server = new Server(await freePort(), dataDir, settings);
    try {
      await server.#serve();
    } catch (error) {
      await server.stop();
      throw new Error(`${error}\n${server.log}`);
    }
    return server;
  }

  async #serve(): Promise<void> {
    const child = spawn(BIN!, ["serve"], {
      cwd: REPOSITORY,
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    child.on("error", (error) => (this.log += `${error}\n`));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => (this.log += chunk));
    }
    const deadline = Date.now() + 20_000;
    while (Date.now() < deadline) {
      if (child.exitCode !== null || child.pid === undefined) throw new Error("the server ended");
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((later) => setTimeout(later, 50));
    }
    throw new Error("the server was not ready within 20 s");
  }

  /** Ends the process as an operator would, and checks that it goes; what it knows stays. */
  async halt(): Promise<void> {
    const child = this.#process;
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(timer);
    }
  }

  /** Starts it again after `halt`, on the same port and data. */
  async resume(): Promise<void> {
    await this.#serve();
  }

  /** The end: nothing of it stays. */
  async stop(): Promise<void> {
    await this.halt();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  /** Runs the program's command line beside the server, on the same data. */
  async run(...args: string[]): Promise<string> {
    const options = { cwd: REPOSITORY, env: this.#env, timeout: 30_000 };
    const { stdout } = await promisify(execFile)(BIN!, args, options);
    return stdout;
  }

  /** An account with a project, its tools and an integration, by `tengine bootstrap`. */
  async bootstrap(wish: {
    email: string;
    project: string;
    tools?: ToolInput[];
    integration?: string;
  }): Promise<Bootstrapped> {
    const password = "correct horse battery staple";
    const tools = join(this.#dataDir, "tools.json");
    await writeFile(tools, JSON.stringify(wish.tools ?? []));
    const printed = await this.run(
      "bootstrap",
      "--json",
      ...["--email", wish.email],
      ...["--password", password],
      ...["--project", wish.project],
      ...["--tools", tools],
      ...["--integration", wish.integration ?? "Claude Desktop"],
    );
    return { ...JSON.parse(printed), email: wish.email, password };
  }

  /** A request to the REST API; fails on anything but a success. */
  async api(key: string, method: string, path: string, body?: object): Promise<any> {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("not a TCP address");
  return address.port;
}
