// A picture of every page, for people to look at. What the pages show is real, made by the command line, the REST API and calls.

import { Connector } from "./support/connector.ts";
import { newProject, openTab, secretDialog, signIn, visit } from "./support/dashboard.ts";
import { fillVault, inUse } from "./support/in-use.ts";
import { camera, FORMS } from "./support/picture.ts";
import { expect, test } from "./support/test.ts";
import { refused } from "./support/watch.ts";

const DOCUMENT = `
openapi: 3.1.0
info: { title: CRM, version: "1" }
servers: [{ url: "ORIGIN" }]
security: [{ key: [] }]
components: { securitySchemes: { key: { type: http, scheme: bearer } } }
paths:
  /companies:
    get: { operationId: companies-list, summary: List companies }
  /companies/{id}:
    get:
      operationId: companies-get
      summary: Get a company
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    delete:
      operationId: companies-delete
      summary: Delete a company
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
  /export:
    get:
      operationId: export
      parameters: [{ name: sid, in: cookie, required: true, schema: { type: string } }]
`;

for (const form of FORMS) {
  test(`every page, ${form.name}`, async ({ newPage, server, tools, watch }) => {
    test.setTimeout(180_000);
    watch.allow(refused(404), refused(400, /authorize/), refused(422, /sign-up/));
    const { colorScheme, viewport } = form;
    const page = await newPage({ colorScheme, viewport });
    const take = camera(form);
    const shot = (name: string) => take(page, name);

    await page.goto("/sign-up");
    await shot("sign-up");
    await page.getByLabel("Email").fill("ada@example.com");
    await page.getByLabel("Password").fill("short");
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.locator("#password-problem")).toBeVisible();
    await shot("sign-up-wrong");

    const ada = await inUse(server, tools.origin);
    const connector = await Connector.discover(ada);
    await page.goto("/sign-up");
    await shot("sign-up-closed");
    await page.goto(connector.authorizeUrl());
    await shot("sign-in");
    await signIn(page, ada);
    await expect(page.getByRole("button", { name: "Approve" })).toBeVisible();
    await shot("consent");
    await page.goto(connector.authorizeUrl({ redirect_uri: "https://evil.example/cb" }));
    await shot("authorize-refused");

    const project = `/projects/${ada.project_id}`;
    const integration = `${project}/integrations/${ada.integration_id}`;
    for (const [path, name] of [
      ["/projects", "projects"],
      [project, "overview"],
      [`${project}/tools`, "tools"],
      [`${project}/tools/new`, "tool-new"],
      [`${project}/tools/import`, "tool-import"],
      [`${project}/tools/curl`, "tool-curl"],
      [`${project}/tools/catalog`, "tool-catalog"],
      [`${project}/vault`, "vault"],
      [`${project}/vault/new`, "vault-new"],
      [`${project}/integrations`, "integrations"],
      [integration, "integration"],
      [`${project}/calls`, "calls"],
      [`${project}/members`, "members"],
      [`${project}/api-keys`, "api-keys"],
      [`${project}/settings`, "project-settings"],
      ["/docs", "docs"],
      ["/docs/get-started", "docs-get-started"],
      ["/docs/custom-tools", "docs-custom-tools"],
      ["/docs/claude-desktop", "docs-claude-desktop"],
      ["/docs/connections", "docs-connections"],
      ["/docs/operations", "docs-operations"],
      ["/docs/api", "docs-api"],
      ["/docs/api/tools", "docs-api-tools"],
      ["/docs/search?q=client+secret", "docs-search"],
      ["/search?q=secret", "search"],
      ["/account", "account"],
      ["/account/security", "account-security"],
      ["/account/sessions", "account-sessions"],
      ["/account/api-keys", "account-api-keys"],
      ["/account/connected-apps", "connected-apps"],
      ["/instance/accounts", "instance-accounts"],
      ["/instance/providers", "instance-providers"],
      ["/instance/providers/new", "instance-provider-new"],
      ["/instance/settings", "instance-settings"],
      ["/instance/health", "instance-health"],
      ["/instance/audit", "instance-audit"],
    ]) {
      await visit(page, path);
      await shot(name);
    }

    // What is filled in: a plan of an import, a draft of a curl command, a vault in use.
    await visit(page, `${project}/tools/import`);
    await page.getByLabel("Or the document itself").fill(DOCUMENT.replaceAll("ORIGIN", tools.origin));
    await page.getByRole("button", { name: "Show what it has" }).click();
    await expect(page.getByRole("button", { name: /^Import \d/ })).toBeVisible();
    await shot("tool-import-plan");
    await visit(page, `${project}/tools/curl`);
    await page
      .getByLabel("Command")
      .fill(`curl '${tools.origin}/contacts/7?verbose=true' -H 'Authorization: Bearer t0ken-of-the-crm' | jq .`);
    await page.getByRole("button", { name: "Make a tool of it" }).click();
    await expect(page.getByText("Look at these before you save:")).toBeVisible();
    await shot("tool-curl-draft");
    const vault = `${project}/vault`;
    const { client: acme } = await fillVault(server, ada, tools.origin);
    await visit(page, vault);
    await shot("vault-in-use");
    await visit(page, `${vault}/${acme.id}`);
    await shot("vault-client");
    await page.goto(`/connect/${acme.id}`);
    await shot("connect-account");

    await visit(page, `${project}/tools`);
    await page.getByRole("link", { name: "crm-contacts-create" }).click();
    await expect(page.getByRole("button", { name: "Save changes" })).toBeVisible();
    await shot("tool-edit");
    await page.getByRole("link", { name: "Versions" }).click();
    await expect(page.getByText("Version 1", { exact: true })).toBeVisible();
    await shot("tool-versions");
    await visit(page, `${project}/tools`);
    await page.getByRole("link", { name: "crm-contacts-get_by_id" }).click();
    await page.getByRole("link", { name: "Try it" }).click();
    await page.getByLabel("id").fill("7");
    await page.getByRole("button", { name: "Call it" }).click();
    await expect(page.getByText("Ada Lovelace").first()).toBeVisible();
    await shot("tool-playground");
    await visit(page, `${project}/integrations`);
    await page.getByRole("button", { name: "New integration" }).click();
    await shot("integration-new");
    await page.getByLabel("Integration name").fill("Claude on my phone");
    await page.getByRole("button", { name: "Create integration" }).click();
    const dialog = secretDialog(page, "Your integration is ready");
    await expect(dialog.getByTestId("client-secret")).toBeVisible();
    await shot("integration-secret");
    await dialog.getByRole("button", { name: "I have saved it" }).click();
    await page.getByRole("button", { name: "Rotate secret" }).click();
    await expect(page.getByRole("button", { name: "Rotate it now" })).toBeVisible();
    await shot("integration-rotate");

    await visit(page, `${project}/calls?status=http_error`);
    await shot("calls-filtered");
    await page.getByRole("link", { name: "crm-contacts-get_by_id" }).click();
    await expect(page.getByRole("heading", { name: "Where the time went" })).toBeVisible();
    await shot("call");
    await page.getByRole("link", { name: "Run it again" }).click();
    await expect(page.getByText("Filled in as it was called.")).toBeVisible();
    await shot("call-again");

    await visit(page, "/projects");
    await newProject(page, "A new one");
    await shot("overview-empty");
    for (const tab of ["Tools", "Vault", "Integrations", "Calls"]) {
      await openTab(page, tab);
      await expect(page.getByRole("heading", { name: /^No .* yet$/ })).toBeVisible();
      await shot(`${tab.toLowerCase()}-empty`);
    }
    await openTab(page, "API keys");
    await expect(page.getByRole("heading", { name: "No API key" })).toBeVisible();
    await shot("api-keys-empty");
    for (const [path, name] of [
      ["/projects/prj_nobody", "project-unknown"],
      ["/nothing", "not-found"],
    ]) {
      expect((await page.goto(path))?.status()).toBe(404);
      await shot(name);
    }
  });
}
