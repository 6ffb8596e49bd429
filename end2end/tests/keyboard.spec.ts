// The main journey by keyboard alone, and with a mouse: from an empty instance to Claude's first call. It
// counts what a new user presses, and how long it takes who reads nothing.

import type { BrowserContext, Page } from "@playwright/test";

import { Connector, type Keys, claudeAnswers } from "./support/connector.ts";
import { PASSWORD, hydrated, secretDialog, toolSwitch } from "./support/dashboard.ts";
import { type Hands, Keyboard, Mouse } from "./support/hands.ts";
import { Mcp } from "./support/mcp.ts";
import type { Server } from "./support/server.ts";
import { expect, test } from "./support/test.ts";

const SAMPLES = ["sample-dice-roll", "sample-request-echo", "sample-text-measure", "sample-time-now"];

for (const [name, HandsOf] of [
  ["by keyboard alone", Keyboard],
  ["with a mouse", Mouse],
] as const) {
  test(`the main journey, ${name}`, async ({ page, context, server }, info) => {
    test.setTimeout(180_000);
    const hands = new HandsOf(page);
    const began = Date.now();
    await journey(page, context, server, hands);
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    const said = `main journey ${name}: ${hands.presses} presses, ${hands.characters} characters, ${seconds} seconds`;
    console.log(`\n      ${said}`);
    info.annotations.push({ type: "journey", description: said });
  });
}

async function journey(page: Page, context: BrowserContext, server: Server, hands: Hands): Promise<void> {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const tab = (name: string) =>
    page.getByRole("navigation", { name: "Project" }).getByRole("link", { name, exact: true });

  await test.step("an account", async () => {
    await page.goto("/sign-up");
    await hands.type(page.getByLabel("Email"), "ada@example.com");
    await hands.type(page.getByLabel("Password"), PASSWORD);
    await hands.send(button("Create account"));
    await page.waitForURL("**/projects");
    await hydrated(page);
  });

  await test.step("a project", async () => {
    await hands.press(button("New project"));
    await hands.type(page.getByLabel("Project name"), "CRM");
    await hands.send(button("Create project"));
    await page.waitForURL(/\/projects\/prj_[^/]+$/);
    await hydrated(page);
  });

  await test.step("the sample tools, and a switch", async () => {
    // As the checklist of a new project leads.
    await hands.press(page.getByRole("listitem").filter({ hasText: "Register a tool" }).getByRole("link"));
    await page.waitForURL(/\/tools$/);
    await hydrated(page);
    await hands.press(button("Add sample tools"));
    for (const name of SAMPLES) await expect(toolSwitch(page, name)).toBeChecked();
    const dice = toolSwitch(page, "sample-dice-roll");
    for (const isOn of [false, true]) {
      const saved = page.waitForResponse((response) => response.url().includes("set_tool_enabled"));
      await hands.press(dice);
      await expect(dice).toBeChecked({ checked: isOn });
      await saved;
    }
  });

  const keys: Keys = { client_id: "", client_secret: "", server_url: "" };
  await test.step("an integration, and its three strings on the clipboard", async () => {
    await hands.press(tab("Integrations"));
    await page.waitForURL(/\/integrations$/);
    await hydrated(page);
    await hands.press(button("New integration"));
    await hands.type(page.getByLabel("Integration name"), "Claude Desktop");
    await hands.send(button("Create integration"));
    const dialog = secretDialog(page, "Your integration is ready");
    for (const [key, label] of [
      ["client_id", "Client ID"],
      ["client_secret", "Client Secret"],
      ["server_url", "Server URL"],
    ] as const) {
      await hands.press(dialog.getByRole("button", { name: `Copy ${label}` }));
      const shown = (await dialog.getByTestId(key.replace("_", "-")).innerText()).trim();
      await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(shown);
      keys[key] = shown;
    }
    await hands.press(dialog.getByRole("button", { name: "I have saved it" }));
    await page.waitForURL(/\/integrations\/[^/?]+$/);
  });

  await test.step("Claude connects, and the person approves", async () => {
    const connector = await Connector.discover(keys);
    const callback = await claudeAnswers(page);
    await page.goto(connector.authorizeUrl());
    await hands.choose(page.getByRole("radio", { name: "All tools" }));
    await hands.press(button("Approve"));
    const { status, body } = await connector.exchange(connector.code(await callback()));
    expect(status, JSON.stringify(body)).toBe(200);
    const mcp = new Mcp(keys.server_url, body.access_token);
    expect(await mcp.toolNames()).toEqual(SAMPLES);
    const called = await mcp.call("sample-text-measure", { text: "Two words" });
    expect(called.body.result.structuredContent.words).toBe(2);
  });
}
