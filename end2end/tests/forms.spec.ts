// Wrong input: the field's problem is shown beside it, what was typed stays, and nothing is
// half-created.

import type { Page } from "@playwright/test";

import {
  PASSWORD,
  arrive,
  fillTool,
  hydrated,
  newProject,
  openTab,
  registerTool,
  signUp,
  toolSwitch,
  visit,
} from "./support/dashboard.ts";
import { expect, test } from "./support/test.ts";
import { refused } from "./support/watch.ts";

/** The sentence beside a field, tied to it for those who cannot see where it stands. */
async function problemOf(page: Page, label: string, text: RegExp): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(text);
  const id = await field.getAttribute("id");
  await expect(page.locator(`#${id}-problem`)).toBeVisible();
}

test("sign-up: a short password and no address", async ({ page, watch }) => {
  watch.allow(refused(422, /sign-up/));
  await page.goto("/sign-up");
  await page.getByLabel("Email").fill("ada@example.com");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Create account" }).click();
  await problemOf(page, "Password", /at least 10 characters/);
  await expect(page.getByLabel("Email")).toHaveValue("ada@example.com");
  // Nothing was claimed: the instance still waits for its first account.
  await expect(page.getByRole("heading", { name: "Make this instance yours" })).toBeVisible();

  await page.getByLabel("Email").fill("ada@localhost@x");
  await page.locator("form").evaluate((form: HTMLFormElement) => (form.noValidate = true));
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await problemOf(page, "Email", /.+/);

  await page.getByLabel("Email").fill("ada@example.com");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL("**/projects");
});

test("sign-up is closed once the instance has its owner", async ({ page, newPage }) => {
  await signUp(page, "ada@example.com");
  const other = await newPage();
  await other.goto("/sign-up");
  await expect(other.getByRole("heading", { name: "Sign-up is closed" })).toBeVisible();
  await expect(other.getByRole("button", { name: "Create account" })).toHaveCount(0);
});

test("project: no name, and one that is taken", async ({ page, watch }) => {
  watch.allow(refused(422, /create_project/), refused(409, /create_project/));
  await signUp(page, "ada@example.com");
  await page.getByRole("button", { name: "New project" }).click();
  const dialog = page.getByRole("dialog", { name: "New project" });
  const create = dialog.getByRole("button", { name: "Create project" });
  await create.click();
  await problemOf(page, "Project name", /.+/);
  await dialog.getByLabel("Project name").fill("CRM");
  await create.click();
  await page.waitForURL(/\/projects\/[^/]+$/);

  await visit(page, "/projects");
  await page.getByRole("button", { name: "New project" }).click();
  await dialog.getByLabel("Project name").fill("CRM");
  await create.click();
  await problemOf(page, "Project name", /a project with this name already/);
  await expect(dialog.getByLabel("Project name")).toHaveValue("CRM");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await visit(page, "/projects");
  await expect(page.getByRole("link", { name: /^CRM/ })).toHaveCount(1);
});

test("tool: every wrong field says so, and the rest stays", async ({ page, tools, watch }) => {
  watch.allow(refused(422, /save_tool/), refused(409, /save_tool/));
  await signUp(page, "ada@example.com");
  const project = await newProject(page, "CRM");
  await openTab(page, "Tools");
  await page.getByRole("button", { name: "Register tool" }).click();
  const good = {
    name: "crm-contacts-get",
    description: "Fetches a contact by its id. Ampersands & <angles> stay as they are.",
    baseUrl: tools.origin,
    method: "GET",
    path: "/contacts/{id}",
    schema: '{"type":"object","properties":{"id":{"type":"string"}},"required":["id"]}',
  };
  const send = page.getByRole("button", { name: "Register tool" });

  // What is no JSON cannot be judged further; the rest is judged together.
  const noJson = { ...good, schema: '{"type": "object",' };
  await fillTool(page, noJson);
  await send.click();
  await problemOf(page, "Input schema", /This is not JSON/);
  await expect(page.getByLabel("Input schema")).toHaveValue(noJson.schema);

  const wrong = {
    ...good,
    name: "crm contacts!",
    baseUrl: "ftp://files.example.com/x",
    path: "contacts/{id}",
    schema: '{"type":"array"}',
  };
  await fillTool(page, wrong);
  await send.click();
  await problemOf(page, "Name", /1 to 64 of the characters/);
  await problemOf(page, "Base URL", /.+/);
  await problemOf(page, "Path", /.+/);
  await problemOf(page, "Input schema", /object/);
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue(wrong.name);
  await expect(page.getByLabel("Description", { exact: true })).toHaveValue(wrong.description);
  await expect(page.getByLabel("Base URL")).toHaveValue(wrong.baseUrl);
  await expect(page.getByLabel("Path")).toHaveValue(wrong.path);
  await expect(page.getByLabel("Input schema")).toHaveValue(wrong.schema);

  // An address inside the network that nobody allowed.
  await fillTool(page, { ...good, baseUrl: "http://10.0.0.7" });
  await send.click();
  await problemOf(page, "Base URL", /.+/);
  await expect(page.getByLabel("Name", { exact: true })).toHaveAttribute("aria-invalid", "false");

  // A problem in a folded part opens it.
  await fillTool(page, good);
  await page.getByText("Limits and hints").click();
  await page.getByLabel("Timeout (milliseconds)").fill("soon");
  await page.getByText("Limits and hints").click();
  await send.click();
  await problemOf(page, "Timeout (milliseconds)", /whole number/);
  await expect(page.getByLabel("Timeout (milliseconds)")).toHaveValue("soon");

  await visit(page, `/projects/${project}/tools`);
  await expect(page.getByRole("heading", { name: "No tools yet" })).toBeVisible();

  await registerTool(page, good);
  await page.getByRole("button", { name: "Register tool" }).click();
  await fillTool(page, good);
  await send.click();
  await problemOf(page, "Name", /already/);
  await visit(page, `/projects/${project}/tools`);
  await expect(page.getByRole("switch")).toHaveCount(1);
  await page.getByRole("link", { name: good.name }).click();
  await expect(page.getByLabel("Description", { exact: true })).toHaveValue(good.description);
  await expect(page.getByLabel("Base URL")).toHaveValue(good.baseUrl);
});

test("a tool is changed and deleted", async ({ page, tools }) => {
  await signUp(page, "ada@example.com");
  const project = await newProject(page, "CRM");
  await openTab(page, "Tools");
  const tool = {
    name: "crm-contacts-get",
    description: "Fetches a contact.",
    baseUrl: tools.origin,
    method: "GET",
    path: "/contacts/{id}",
    schema: '{"type":"object","properties":{"id":{"type":"string"}},"required":["id"]}',
  };
  await registerTool(page, tool);
  await page.getByRole("link", { name: tool.name }).click();
  await page.getByLabel("Title").fill("Get a contact");
  await page.getByRole("checkbox", { name: "Enabled" }).uncheck();
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.waitForURL(/\/tools$/);
  await expect(toolSwitch(page, tool.name)).not.toBeChecked();
  await expect(page.getByText("Get a contact")).toBeVisible();

  await page.getByRole("link", { name: tool.name }).click();
  await page.getByRole("button", { name: "Delete tool" }).click();
  await page.getByRole("button", { name: "Yes, delete it" }).click();
  await page.waitForURL(/\/tools$/);
  await visit(page, `/projects/${project}/tools`);
  await expect(page.getByRole("heading", { name: "No tools yet" })).toBeVisible();
});

test("an integration: no name, a wrong redirect URI, and its end", async ({ page, server, watch }) => {
  watch.allow(refused(422, /create_integration|set_redirect_uris|delete_integration/));
  const ada = await server.bootstrap({ email: "ada@example.com", project: "CRM", integration: "First" });
  await arrive(page, ada);
  await visit(page, `/projects/${ada.project_id}/integrations`);
  await page.getByRole("button", { name: "New integration" }).click();
  await page.getByRole("button", { name: "Create integration" }).click();
  await problemOf(page, "Integration name", /.+/);
  await page.getByRole("button", { name: "Cancel" }).click();

  await page.getByRole("link", { name: "First" }).click();
  const uris = page.getByLabel("One URI a line");
  await expect(uris).toHaveValue(/claude\.ai/);
  await uris.fill("https://claude.ai/api/mcp/auth_callback\nhttp://example.com/cb");
  await page.getByRole("button", { name: "Save redirect URIs" }).click();
  await problemOf(page, "One URI a line", /https/);
  await expect(uris).toHaveValue(/http:\/\/example\.com\/cb/);

  await visit(page, page.url());
  await expect(uris).toHaveValue(/cursor/);
  await page.getByRole("button", { name: "Delete integration" }).click();
  await page.getByLabel("Type the name to confirm").fill("Frist");
  await page.getByRole("button", { name: "Delete it for good" }).click();
  await problemOf(page, "Type the name to confirm", /First/);
  await page.getByLabel("Type the name to confirm").fill("First");
  await page.getByRole("button", { name: "Delete it for good" }).click();
  await page.waitForURL(/\/integrations$/);
  await expect(page.getByRole("heading", { name: "No integrations yet" })).toBeVisible();
});

test("an address that names nothing is a 404 with a way on", async ({ page, watch }) => {
  watch.allow(refused(404));
  const nowhere = await page.goto("/no/such/page");
  expect(nowhere?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  await page.getByRole("link", { name: "Go to your projects" }).click();
  await page.waitForURL(/\/sign-in\?next=/);

  await signUp(page, "ada@example.com");
  for (const path of ["/projects/prj_nobody", "/projects/prj_nobody/tools", "/projects/prj_nobody/integrations"]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByRole("alert").first()).toContainText("There is no such project");
    await hydrated(page);
  }
});

test("someone else's project looks like one that does not exist", async ({ page, server, watch }) => {
  watch.allow(refused(404));
  const eve = await server.bootstrap({ email: "eve@example.com", project: "Hers" });
  const ada = await server.bootstrap({ email: "ada@example.com", project: "CRM" });
  await arrive(page, ada);
  const integration = `/projects/${eve.project_id}/integrations/${eve.integration_id}`;
  for (const path of [`/projects/${eve.project_id}`, integration]) {
    const answer = await page.goto(path);
    expect(answer?.status()).toBe(404);
    expect(await page.content()).not.toContain("Hers");
    expect(await page.content()).not.toContain(eve.client_id);
  }
});

test("tool: each way to authenticate asks for what it needs, and keeps the secret to itself", async ({
  page,
  tools,
  watch,
}) => {
  watch.allow(refused(422, /save_tool/));
  await signUp(page, "ada@example.com");
  await newProject(page, "CRM");
  await openTab(page, "Tools");
  await page.getByRole("button", { name: "Register tool" }).click();
  await fillTool(page, {
    name: "crm-contacts-get",
    description: "Fetches a contact by its id.",
    baseUrl: tools.origin,
    method: "GET",
    path: "/contacts/{id}",
    schema: '{"type":"object","properties":{"id":{"type":"string"}},"required":["id"]}',
  });
  await page.getByText("Authentication and identity").click();
  const strategy = page.getByLabel("Authentication", { exact: true });
  const settings = ["Header", "Query parameter", "User name"];
  const shown = async (expected: string[]) => {
    for (const label of settings) {
      await expect(page.getByLabel(label, { exact: true })).toBeVisible({ visible: expected.includes(label) });
    }
  };
  await shown([]);
  for (const [value, label] of [
    ["basic", "User name"],
    ["api_key_query", "Query parameter"],
    ["api_key_header", "Header"],
  ]) {
    await strategy.selectOption(value);
    await shown([label]);
  }
  const send = page.getByRole("button", { name: "Register tool" });
  await send.click();
  await problemOf(page, "Header", /Name the header/);
  await problemOf(page, "Or a secret of this tool alone", /needs a secret/);
  await page.getByLabel("Header", { exact: true }).fill("X-Api-Key");
  await page.getByLabel("Or a secret of this tool alone").fill("s3cr3t-key");
  await send.click();
  await page.waitForURL(/\/tools$/);

  await page.getByRole("link", { name: "crm-contacts-get" }).click();
  await expect(page.getByLabel("Header", { exact: true })).toHaveValue("X-Api-Key");
  await expect(page.getByLabel("Or a secret of this tool alone")).toHaveValue("");
  await shown(["Header"]);
  expect(await page.content()).not.toContain("s3cr3t-key");
});
