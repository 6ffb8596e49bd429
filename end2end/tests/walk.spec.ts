// A new user's walk: from an API's public OpenAPI document to its call by a real MCP client. The API is
// real too: the management API of another instance, whose document that instance publishes.

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

import { connect } from "./support/consent.ts";
import { Connector } from "./support/connector.ts";
import { newProject, openTab, saved, secretDialog, shownKeys, signUp } from "./support/dashboard.ts";
import { Server } from "./support/server.ts";
import { expect, test } from "./support/test.ts";

test("from a public OpenAPI document to a call by a real client", async ({ page, server }, info) => {
  test.setTimeout(180_000);
  const api = await Server.start();
  try {
    const other = await api.bootstrap({ email: "grace@example.com", project: "Payroll" });
    const origin = api.url.replace("localhost", "127.0.0.1");
    const began = Date.now();
    const steps: string[] = [];
    const step = (what: string) => steps.push(`${((Date.now() - began) / 1000).toFixed(1)} s ${what}`);

    await signUp(page, "ada@example.com");
    await newProject(page, "Assistant");
    step("an account and a project");

    await openTab(page, "Vault");
    await page.getByRole("button", { name: "Add a secret" }).click();
    await page.getByLabel("Name", { exact: true }).fill("payroll");
    await page.getByLabel("May be sent to").fill(origin);
    await page.getByLabel("Secret", { exact: true }).fill(other.api_key);
    await page.getByRole("button", { name: "Add secret" }).click();
    await page.waitForURL(/\/vault$/);
    step("the API's key in the vault");

    await openTab(page, "Tools");
    await page.getByRole("link", { name: "Import OpenAPI" }).click();
    await page.getByLabel("URL of the document").fill(`${origin}/api/v1/openapi.json`);
    await page.getByText("Server, secret and selection").click();
    await page.getByLabel("Secret of the vault").selectOption("payroll");
    await page.getByLabel("Only these operations").fill("GET /api/v1/projects*");
    await page.getByRole("button", { name: "Show what it has" }).click();
    const plan = page.getByRole("region", { name: "What the document has" });
    await expect(plan.getByRole("heading", { level: 2 })).toContainText("operations can be tools");
    await info.attach("plan", { body: await page.screenshot({ fullPage: true }), contentType: "image/png" });
    await plan.getByRole("button", { name: /^Import \d+ tools$/ }).click();
    await expect(plan.getByRole("status")).toContainText("added");
    step("tools of its document");

    await openTab(page, "Integrations");
    await page.getByRole("button", { name: "New integration" }).click();
    await page.getByLabel("Integration name").fill("Claude Desktop");
    await page.getByRole("button", { name: "Create integration" }).click();
    const dialog = secretDialog(page, "Your integration is ready");
    const keys = await shownKeys(dialog);
    await saved(dialog);
    step("the three strings");

    const tokens = await connect(page, await Connector.discover(keys), "Read-only tools");
    step("approved");

    const client = new Client({ name: "walk", version: "1" });
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    await client.connect(
      new StreamableHTTPClientTransport(new URL(keys.server_url), { requestInit: { headers } }),
    );
    const { tools } = await client.listTools();
    const list = tools.find((tool) => tool.name === "projects_list");
    expect(list, tools.map((tool) => tool.name).join(", ")).toBeDefined();
    const answer = await client.callTool({ name: list!.name, arguments: {} });
    expect(answer.isError ?? false, JSON.stringify(answer)).toBe(false);
    expect(JSON.stringify(answer.content)).toContain("Payroll");
    expect(JSON.stringify(answer.content)).not.toContain(other.api_key);
    step(`${list!.name} called by the TypeScript SDK`);
    await client.close();

    console.log(`\n      ${steps.join("\n      ")}`);
    info.annotations.push({ type: "walk", description: steps.join("; ") });
    expect(server.log).not.toContain(other.api_key);
  } finally {
    await api.stop();
  }
});
