// A browser that runs no script: every page is whole, every form is sent plainly, and where something is
// wrong it says so and what was typed is still there.

import { type Locator, type Page } from "@playwright/test";

import { approve } from "./support/consent.ts";
import { Connector, claudeAnswers } from "./support/connector.ts";
import { PASSWORD, openTab, secretDialog, shownKeys, signOut, toolSwitch } from "./support/dashboard.ts";
import { Mcp } from "./support/mcp.ts";
import { expect, test } from "./support/test.ts";
import { refused } from "./support/watch.ts";

test.use({ javaScriptEnabled: false });

/** What Chromium says of what the page would load for a browser that runs scripts. */
const UNUSED = [/request failed: GET .*\/pkg\/.*\.js csp$/, /was preloaded using link preload but not used/];

/** Opens a dialog as a browser does that knows `command`, and answers with it. */
async function opened(page: Page, button: string, title: string | RegExp): Promise<Locator> {
  await page.getByRole("button", { name: button, exact: true }).first().click();
  const dialog = page.getByRole("dialog", { name: title });
  await expect(dialog).toBeVisible();
  return dialog;
}

/** The sentence beside a field. */
async function problemOf(within: Page | Locator, label: string, text: RegExp): Promise<void> {
  const field = within.getByLabel(label, { exact: true });
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(text);
}

/** Leaves the dialog that shows something once, by its link. */
async function leave(dialog: Locator, page: Page, done = "I have saved it"): Promise<void> {
  const before = page.url();
  await dialog.getByRole("button", { name: done }).click();
  await page.waitForURL((url) => url.href !== before);
}

test("the whole way without a script", async ({ page, server, watch }) => {
  test.setTimeout(180_000);
  watch.allow(refused(422), refused(409), ...UNUSED);

  await test.step("an account", async () => {
    await page.goto("/sign-up");
    await page.getByLabel("Email").fill("ada@example.com");
    await page.getByLabel("Password").fill("short");
    await page.getByRole("button", { name: "Create account" }).click();
    await problemOf(page, "Password", /at least 10 characters/);
    await expect(page.getByLabel("Email")).toHaveValue("ada@example.com");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Create account" }).click();
    await page.waitForURL("**/projects");
    await expect(page.locator("html")).not.toHaveAttribute("data-hydrated");
  });

  await test.step("a project; without a name there is none", async () => {
    const dialog = await opened(page, "New project", "New project");
    await dialog.getByRole("button", { name: "Create project" }).click();
    // It is open on the page that answers.
    await expect(dialog).toBeVisible();
    await problemOf(dialog, "Project name", /.+/);
    await dialog.getByLabel("Project name").fill("CRM");
    await dialog.getByRole("button", { name: "Create project" }).click();
    await page.waitForURL(/\/projects\/[^/]+$/);
  });
  const project = new URL(page.url()).pathname;

  await test.step("the sample tools, one of them switched off and on, two together", async () => {
    await openTab(page, "Tools");
    await page.getByRole("button", { name: "Add sample tools" }).click();
    const dice = toolSwitch(page, "sample-dice-roll");
    await expect(dice).toBeChecked();
    await dice.click();
    await expect(dice).not.toBeChecked();
    await page.goto(`${project}/tools`);
    await expect(dice).not.toBeChecked();
    await dice.click();
    await expect(dice).toBeChecked();

    await page.getByLabel("Tick sample-dice-roll").check();
    await page.getByLabel("Tick sample-time-now").check();
    await page.getByRole("button", { name: "Disable the ticked" }).click();
    await expect(dice).not.toBeChecked();
    await expect(toolSwitch(page, "sample-time-now")).not.toBeChecked();
    await expect(toolSwitch(page, "sample-text-measure")).toBeChecked();
    await page.goto(`${project}/tools?state=disabled`);
    await expect(dice).toBeVisible();
    await expect(toolSwitch(page, "sample-text-measure")).toHaveCount(0);
    await page.goto(`${project}/tools`);
    await page.getByLabel("Tick sample-dice-roll").check();
    await page.getByRole("button", { name: "Enable the ticked" }).click();
    await expect(dice).toBeChecked();
  });

  await test.step("a tool of one's own, at the second attempt", async () => {
    await page.goto(`${project}/tools/new`);
    await page.getByLabel("Name", { exact: true }).fill("crm contacts!");
    await page.getByLabel("Description", { exact: true }).fill("Fetches a <contact> & its address.");
    await page.getByLabel("Base URL").fill("https://crm.example.com");
    await page.getByLabel("Path").fill("/contacts/{id}");
    const schema = '{"type":"object","properties":{"id":{"type":"string"}},"required":["id"]}';
    await page.getByLabel("Input schema").fill(schema);
    await page.getByRole("button", { name: "Register tool" }).click();
    await problemOf(page, "Name", /1 to 64 of the characters/);
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("crm contacts!");
    await expect(page.getByLabel("Description", { exact: true })).toHaveValue("Fetches a <contact> & its address.");
    await expect(page.getByLabel("Input schema")).toHaveValue(schema);
    await page.getByLabel("Name", { exact: true }).fill("crm-contacts-get");
    await page.getByRole("button", { name: "Register tool" }).click();
    await page.waitForURL(/\/tools$/);
    await expect(toolSwitch(page, "crm-contacts-get")).toBeVisible();
  });

  let keys = { client_id: "", client_secret: "", server_url: "" };
  let integration = "";
  await test.step("an integration, whose secret is shown once", async () => {
    await openTab(page, "Integrations");
    const dialog = await opened(page, "New integration", "New integration");
    await dialog.getByRole("button", { name: "Create integration" }).click();
    await problemOf(dialog, "Integration name", /.+/);
    await dialog.getByLabel("Integration name").fill("Claude Desktop");
    await dialog.getByRole("button", { name: "Create integration" }).click();
    const made = secretDialog(page, "Your integration is ready");
    keys = await shownKeys(made);
    await leave(made, page);
    integration = new URL(page.url()).pathname;
    await expect(page.getByTestId("client-id")).toHaveText(keys.client_id);
    expect(await page.content()).not.toContain(keys.client_secret);
  });

  await test.step("consent, a token, and a call", async () => {
    const connector = await Connector.discover(keys);
    const callback = await claudeAnswers(page);
    await page.goto(connector.authorizeUrl());
    await approve(page, "All tools");
    const { status, body } = await connector.exchange(connector.code(await callback()));
    expect(status, JSON.stringify(body)).toBe(200);
    const called = await new Mcp(keys.server_url, body.access_token).call("sample-text-measure", { text: "Two words" });
    expect(called.body.result.structuredContent.words).toBe(2);
    await page.goto(`${project}/calls`);
    await expect(page.getByRole("row").filter({ hasText: "sample-text-measure" })).toContainText("OK");
  });

  await test.step("its secret rotated, its redirect URIs changed", async () => {
    await page.goto(integration);
    const rotate = await opened(page, "Rotate secret", "Rotate the Client Secret?");
    await rotate.getByRole("button", { name: "Rotate it now" }).click();
    const made = secretDialog(page, "Your new Client Secret");
    const rotated = await shownKeys(made);
    expect(rotated.client_secret).not.toBe(keys.client_secret);
    await leave(made, page);

    await page.goto(integration);
    const uris = page.getByLabel("One URI a line");
    await uris.fill("https://claude.ai/api/mcp/auth_callback\nhttp://example.com/cb");
    await page.getByRole("button", { name: "Save redirect URIs" }).click();
    await problemOf(page, "One URI a line", /https/);
    await expect(uris).toHaveValue(/http:\/\/example\.com\/cb/);
    await uris.fill("https://claude.ai/api/mcp/auth_callback");
    await page.getByRole("button", { name: "Save redirect URIs" }).click();
    await expect(uris).toHaveAttribute("aria-invalid", "false");
    const deactivate = await opened(page, "Deactivate", "Deactivate Claude Desktop?");
    await expect(deactivate).toContainText("1 connection stops working");
    await deactivate.getByRole("button", { name: "Deactivate it" }).click();
    await expect(page.getByText("This integration is inactive")).toBeVisible();
  });

  await test.step("an invitation", async () => {
    await openTab(page, "Members");
    const dialog = await opened(page, "Invite", "Invite to the project");
    await dialog.getByLabel("Only for this address").fill("bob@example.com");
    await dialog.getByRole("button", { name: "Create invitation" }).click();
    const link = page.getByTestId("invitation-link");
    await expect(link).toContainText(`${server.url}/invite/`);
    const made = page.getByRole("dialog", { name: "Invitation created" });
    await leave(made, page, "Done");
    await expect(page.getByText("bob@example.com").first()).toBeVisible();
  });

  await test.step("a key, made and revoked", async () => {
    await page.goto(`${project}/api-keys`);
    const dialog = await opened(page, "New API key", "New API key");
    await dialog.getByRole("button", { name: "Create API key" }).click();
    await problemOf(dialog, "Name", /.+/);
    await dialog.getByLabel("Name").fill("Nightly import");
    await dialog.getByRole("button", { name: "Create API key" }).click();
    const key = (await page.getByTestId("api-key").innerText()).trim();
    const account = () => fetch(`${server.url}/api/v1/account`, { headers: { authorization: `Bearer ${key}` } });
    expect((await account()).status).toBe(200);
    await leave(page.getByRole("dialog", { name: "Your API key" }), page);
    const revoke = await opened(page, "Revoke", "Revoke Nightly import?");
    await revoke.getByRole("button", { name: "Revoke it" }).click();
    await expect(page.getByText("Nightly import")).toHaveCount(0);
    expect((await account()).status).toBe(401);
  });

  await test.step("what is deleted asks for its name", async () => {
    await page.goto(integration);
    const dialog = await opened(page, "Delete integration", "Delete Claude Desktop?");
    await dialog.getByLabel("Type the name to confirm").fill("Claude Laptop");
    await dialog.getByRole("button", { name: "Delete it for good" }).click();
    await problemOf(dialog, "Type the name to confirm", /Claude Desktop/);
    await expect(dialog.getByLabel("Type the name to confirm")).toHaveValue("Claude Laptop");
    await dialog.getByLabel("Type the name to confirm").fill("Claude Desktop");
    await dialog.getByRole("button", { name: "Delete it for good" }).click();
    await page.waitForURL(/\/integrations$/);
    await expect(page.getByRole("heading", { name: "No integrations yet" })).toBeVisible();
  });

  await test.step("signing out", async () => {
    await signOut(page);
  });
});

test("an answer to a form is a page with the project's way around it", async ({ page, server, watch }) => {
  watch.allow(refused(422), ...UNUSED);
  const ada = await server.bootstrap({ email: "ada@example.com", project: "CRM" });
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(ada.email);
  await page.getByLabel("Password").fill(ada.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL("**/projects");
  await page.goto(`/projects/${ada.project_id}/vault/new`);
  await page.getByLabel("Name", { exact: true }).fill("payroll");
  await page.getByLabel("Secret", { exact: true }).fill("s3cr3t-of-the-test");
  await page.getByRole("button", { name: "Add secret" }).click();
  await problemOf(page, "May be sent to", /.+/);
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("payroll");
  // What was typed comes back, but no secret.
  expect(await page.content()).not.toContain("s3cr3t-of-the-test");
  // The page stands at the form's address; its links lead where they always do.
  await openTab(page, "Integrations");
  await page.waitForURL(new RegExp(`/projects/${ada.project_id}/integrations$`));
});
