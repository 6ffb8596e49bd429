// The ways in besides the form, trying what came in, and going back: an OpenAPI document, a curl
// command, the starter catalog, the vault, the playground, versions.

import { openTab, registerTool, signUp, newProject, visit } from "./support/dashboard.ts";
import { expect, test } from "./support/test.ts";
import { CONTACT_SCHEMA } from "./support/tools.ts";
import { refused } from "./support/watch.ts";

const document = (origin: string, summary: string) => `
openapi: 3.1.0
info: { title: CRM, version: "1" }
servers: [{ url: "${origin}" }]
paths:
  /contacts/{id}:
    get:
      operationId: getContact
      summary: ${summary}
      description: Fetches one contact of the CRM by its id.
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
  /contacts:
    post:
      operationId: createContact
      summary: Create a contact
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [name]
              properties: { name: { type: string }, email: { type: string } }
  /export:
    get:
      operationId: exportContacts
      parameters: [{ name: X-Trace, in: cookie, required: true, schema: { type: string } }]
`;

test("from an OpenAPI document to a call, and what is new when it comes again", async ({
  page,
  tools,
  watch,
}) => {
  watch.allow(refused(422, /plan_import/));
  await signUp(page, "ada@example.com");
  const project = await newProject(page, "CRM");
  await openTab(page, "Tools");
  await page.getByRole("link", { name: "Import OpenAPI" }).click();
  const show = page.getByRole("button", { name: "Show what it has" });
  await show.click();
  await expect(page.getByLabel("URL of the document")).toHaveAccessibleDescription(/Give the URL/);
  await page.getByLabel("Or the document itself").fill(document(tools.origin, "Get a contact"));
  await show.click();
  const plan = page.getByRole("region", { name: "What the document has" });
  await expect(plan.getByRole("heading", { name: /^2 of 3 operations can be tools/ })).toBeVisible();
  await plan.getByText("1 operation cannot, and why").click();
  await expect(plan.getByText(/cookie/)).toBeVisible();
  await plan.getByRole("checkbox", { name: /createContact/ }).uncheck();
  await plan.getByRole("button", { name: "Import 1 tool" }).click();
  await expect(plan.getByRole("status")).toContainText("1 added");
  await plan.getByRole("link", { name: "See the tools" }).click();
  await page.getByRole("link", { name: "Try it" }).click();

  // The playground: the request as it would go out, and a real answer.
  await page.getByLabel("id").fill("7");
  await page.getByRole("button", { name: "Show the request" }).click();
  await expect(page.getByText(`GET ${tools.origin}/contacts/7`)).toBeVisible();
  expect(tools.requests).toHaveLength(0);
  await page.getByRole("button", { name: "Call it" }).click();
  await expect(page.getByText("Ada Lovelace").first()).toBeVisible();
  expect(tools.requests).toHaveLength(1);
  await page.getByLabel("id").fill("404");
  await page.getByRole("button", { name: "Call it" }).click();
  await expect(page.getByText("HTTP error")).toBeVisible();
  await openTab(page, "Calls");
  await expect(page.getByRole("row").filter({ hasText: "Playground" })).toHaveCount(2);

  // Again: what changed is ticked, what is as it was is not.
  await visit(page, `/projects/${project}/tools/import`);
  await page.getByLabel("Or the document itself").fill(document(tools.origin, "Find a contact"));
  await show.click();
  await expect(plan.getByText("changes: title")).toBeVisible();
  await expect(plan.getByText("new", { exact: true })).toBeVisible();
  await plan.getByRole("button", { name: "Import 2 tools" }).click();
  await expect(plan.getByRole("status")).toContainText("1 added, 1 updated");
});

test("a curl command becomes a form that can be saved", async ({ page, tools, watch }) => {
  watch.allow(refused(422, /tool_from_curl/));
  await signUp(page, "ada@example.com");
  await newProject(page, "CRM");
  await openTab(page, "Tools");
  await page.getByRole("link", { name: "Paste a curl command" }).click();
  const make = page.getByRole("button", { name: "Make a tool of it" });
  await page.getByLabel("Command").fill("wget https://example.com");
  await make.click();
  await expect(page.getByLabel("Command")).toHaveAccessibleDescription(/curl/);
  await page
    .getByLabel("Command")
    .fill(`curl '${tools.origin}/contacts/7' -H 'Authorization: Bearer t0ken-of-the-crm'`);
  await make.click();
  await expect(page.getByLabel("Base URL")).toHaveValue(tools.origin);
  await expect(page.getByLabel("Path")).toHaveValue("/contacts/{contact_id}");
  await page.getByLabel("Name", { exact: true }).fill("crm-contacts-get");
  await page.getByLabel("Description", { exact: true }).fill("Fetches a contact by its id.");
  await page.getByRole("button", { name: "Register tool" }).click();
  await page.waitForURL(/\/tools$/);
  await page.getByRole("link", { name: "Try it" }).click();
  await page.getByLabel("contact_id").fill("8");
  await page.getByRole("button", { name: "Call it" }).click();
  await expect(page.getByText("Grace Hopper").first()).toBeVisible();
  await expect(page.getByText("authorization: Bearer [redacted]")).toBeVisible();
  expect(tools.requests[0].headers.authorization).toBe("Bearer t0ken-of-the-crm");
  await expect(page.getByText("t0ken-of-the-crm")).toHaveCount(0);
});

test("a tool of the catalog is added with a click", async ({ page }) => {
  await signUp(page, "ada@example.com");
  await newProject(page, "CRM");
  await openTab(page, "Tools");
  await page.getByRole("link", { name: "Starter catalog" }).click();
  const card = page.getByRole("article").filter({ hasText: "Open-Meteo" }).first();
  await expect(card.getByText("Checked against the documents; not called live yet.")).toBeVisible();
  const add = card.getByRole("button", { name: /^Add / });
  const name = (await add.innerText()).replace("Add ", "");
  await add.click();
  await expect(card.getByText("In the project")).toBeVisible();
  await card.getByRole("link", { name: "See the tools" }).click();
  await expect(page.getByRole("link", { name })).toBeVisible();
});

test("a secret of the vault goes to its server and nowhere else", async ({ page, tools, watch }) => {
  watch.allow(refused(422, /save_tool|save_vault/), refused(409, /delete_vault/));
  await signUp(page, "ada@example.com");
  const project = await newProject(page, "CRM");
  await openTab(page, "Vault");
  await page.getByRole("button", { name: "Add a secret" }).click();
  // What belongs to one way of sending it is asked for with that way alone.
  const [sentAs, userName] = [page.getByLabel("Sent as"), page.getByLabel("User name")];
  await expect(userName).toBeHidden();
  await sentAs.selectOption("basic");
  await expect(userName).toBeVisible();
  await sentAs.selectOption("static_bearer");
  await expect(userName).toBeHidden();
  await page.getByLabel("Name", { exact: true }).fill("crm");
  await page.getByLabel("Secret", { exact: true }).fill("t0ken-of-the-crm");
  const keep = page.getByRole("button", { name: "Add secret" });
  await keep.click();
  await expect(page.getByLabel("May be sent to")).toHaveAccessibleDescription(/Say where/);
  await page.getByLabel("May be sent to").fill(tools.origin);
  await page.getByLabel("Secret", { exact: true }).fill("t0ken-of-the-crm");
  await keep.click();
  await page.waitForURL(/\/vault$/);
  await expect(page.getByText("no tool uses it")).toBeVisible();

  await openTab(page, "Tools");
  await page.getByRole("button", { name: "Register tool" }).click();
  await page.getByLabel("Name", { exact: true }).fill("crm-contacts-get");
  await page.getByLabel("Description", { exact: true }).fill("Fetches a contact by its id.");
  await page.getByLabel("Base URL").fill("https://elsewhere.example.com");
  await page.getByLabel("Path").fill("/contacts/{id}");
  await page.getByText("Authentication and identity").click();
  await page.getByLabel("Authentication", { exact: true }).selectOption("static_bearer");
  await page.getByLabel("Secret of the vault").selectOption("crm");
  await page.getByRole("button", { name: "Register tool" }).click();
  await expect(page.getByLabel("Secret of the vault")).toHaveAccessibleDescription(
    /not for this base_url/,
  );
  await page.getByLabel("Base URL").fill(tools.origin);
  await page.getByRole("button", { name: "Register tool" }).click();
  await page.waitForURL(/\/tools$/);
  await page.getByRole("link", { name: "Try it" }).click();
  await page.getByLabel("id").fill("7");
  await page.getByRole("button", { name: "Call it" }).click();
  await expect(page.getByText("Ada Lovelace").first()).toBeVisible();
  expect(tools.requests[0].headers.authorization).toBe("Bearer t0ken-of-the-crm");

  await openTab(page, "Vault");
  await expect(page.getByText("used by 1 tool")).toBeVisible();
  await page.getByRole("link", { name: "crm", exact: true }).click();
  await expect(page.getByLabel("Secret", { exact: true })).toHaveValue("");
  await page.getByRole("button", { name: "Delete secret" }).click();
  await page.getByRole("button", { name: "Yes, delete it" }).click();
  await expect(page.getByRole("alert")).toContainText("Tools use it: crm-contacts-get");
  await visit(page, `/projects/${project}/vault`);
  await expect(page.getByRole("link", { name: "crm", exact: true })).toBeVisible();
});

test("a tool's history shows what changed, and an older version comes back", async ({
  page,
  tools,
}) => {
  await signUp(page, "ada@example.com");
  await newProject(page, "CRM");
  await openTab(page, "Tools");
  await registerTool(page, {
    name: "crm-contacts-get",
    description: "Fetches a contact.",
    baseUrl: tools.origin,
    method: "GET",
    path: "/contacts/{id}",
    schema: JSON.stringify(CONTACT_SCHEMA),
  });
  await page.getByRole("link", { name: "crm-contacts-get" }).click();
  await page.getByLabel("Description", { exact: true }).fill("Fetches a contact by its id.");
  // What it would send shows while somebody types, with an argument that stands for a real one.
  const request = page.getByRole("region", { name: "The request" });
  await expect(request).toContainText(`GET ${tools.origin}/contacts/ID`);
  await page.getByLabel("Path").fill("/people/{id}");
  await expect(request).toContainText("/people/ID");
  await page.getByLabel("Path").fill("people");
  await expect(request).toContainText("endpoint_path");
  await page.getByLabel("Path").fill("/contacts/{id}");
  await expect(page.getByText("What Claude would stumble over")).toBeVisible();
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.waitForURL(/\/tools$/);
  await page.getByRole("link", { name: "crm-contacts-get" }).click();
  await page.getByRole("link", { name: "Versions" }).click();
  await page.getByText("What changed since version 1").click();
  await expect(page.getByLabel("Before", { exact: true })).toHaveText("Fetches a contact.");
  await expect(page.getByLabel("After", { exact: true })).toHaveText("Fetches a contact by its id.");
  await expect(page.getByText("Changed by ada@example.com")).toBeVisible();
  await page.getByRole("button", { name: "Restore" }).click();
  await page.getByRole("button", { name: "Restore it" }).click();
  await expect(page.getByText("Version 1 restored by ada@example.com")).toBeVisible();
  await page.getByRole("link", { name: "Edit the tool" }).click();
  await expect(page.getByLabel("Description", { exact: true })).toHaveValue("Fetches a contact.");
});
