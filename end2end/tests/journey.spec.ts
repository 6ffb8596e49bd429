// The whole way of the product: from the first account to Claude calling a tool of the person's own
// API, and everything that may happen to the connection afterwards.

import { approve, connect } from "./support/consent.ts";
import { Connector, type Keys, type Tokens, claudeAnswers } from "./support/connector.ts";
import {
  flip,
  newProject,
  openTab,
  registerTool,
  saved,
  secretDialog,
  shownKeys,
  signOut,
  signUp,
  toolSwitch,
  visit,
} from "./support/dashboard.ts";
import { Mcp } from "./support/mcp.ts";
import { expect, test } from "./support/test.ts";
import { CONTACT_SCHEMA, NEW_CONTACT_SCHEMA, getContact } from "./support/tools.ts";
import { refused } from "./support/watch.ts";

const SAMPLES = ["sample-dice-roll", "sample-request-echo", "sample-text-measure", "sample-time-now"];
const OFF = "sample-dice-roll";
const OTHERS = "others-contacts-get";

test("from the first account to Claude calling the person's own API", async ({
  page,
  server,
  tools,
  watch,
}) => {
  test.setTimeout(180_000);
  let project = "";
  let integrationPage = "";
  let keys: Keys = { client_id: "", client_secret: "", server_url: "" };
  let connector!: Connector;
  let tokens!: Tokens;
  const enabled = [...SAMPLES.filter((name) => name !== OFF), "crm-contacts-create", "crm-contacts-get"].sort();

  await test.step("the first account owns the instance and makes a project", async () => {
    await signUp(page, "ada@example.com");
    await expect(page.getByRole("heading", { name: "Start with a project" })).toBeVisible();
    project = await newProject(page, "CRM");
    await expect(page.getByRole("heading", { name: "To the first call" })).toBeVisible();
  });

  await test.step("tools: the samples, and two of the person's own", async () => {
    await openTab(page, "Tools");
    await page.getByRole("button", { name: "Add sample tools" }).click();
    for (const name of SAMPLES) await expect(toolSwitch(page, name)).toBeChecked();
    await registerTool(page, {
      name: "crm-contacts-get",
      description: "Fetches one contact of the CRM by its id.",
      baseUrl: tools.origin,
      method: "GET",
      path: "/contacts/{id}",
      schema: JSON.stringify(CONTACT_SCHEMA, null, 2),
    });
    await registerTool(page, {
      name: "crm-contacts-create",
      description: "Makes a contact in the CRM.",
      baseUrl: tools.origin,
      method: "POST",
      path: "/contacts",
      schema: JSON.stringify(NEW_CONTACT_SCHEMA, null, 2),
    });
  });

  await test.step("a switch disables a tool, and a reload does not forget it", async () => {
    await flip(page, OFF);
    await expect(toolSwitch(page, OFF)).not.toBeChecked();
    await visit(page, page.url());
    await expect(toolSwitch(page, OFF)).not.toBeChecked();
    for (const name of enabled) await expect(toolSwitch(page, name)).toBeChecked();
  });

  await test.step("an integration, whose secret is shown once", async () => {
    await openTab(page, "Integrations");
    await page.getByRole("button", { name: "New integration" }).click();
    await page.getByLabel("Integration name").fill("Claude Desktop");
    const answered = page.waitForResponse((response) => response.url().includes("create_integration"));
    await page.getByRole("button", { name: "Create integration" }).click();
    expect((await answered).headers()["cache-control"]).toContain("no-store");

    const dialog = secretDialog(page, "Your integration is ready");
    keys = await shownKeys(dialog);
    expect(keys.server_url).toBe(`${server.url}/mcp/`);
    // Escape, even twice, which a browser otherwise takes for a wish that nobody can refuse.
    for (let i = 0; i < 3; i++) await page.keyboard.press("Escape");
    await expect(dialog).toBeVisible();
    await expect(dialog.getByTestId("client-secret")).toHaveText(keys.client_secret);

    await saved(dialog);
    await page.waitForURL(/\/integrations\/[^/]+$/);
    integrationPage = new URL(page.url()).pathname;
    await expect(page.getByTestId("client-id")).toHaveText(keys.client_id);
    expect(await page.content()).not.toContain(keys.client_secret);
    await visit(page, integrationPage);
    await expect(page.getByTestId("server-url")).toHaveText(keys.server_url);
    expect(await page.content()).not.toContain(keys.client_secret);
    expect(watch.addresses.filter((address) => address.includes(keys.client_secret))).toEqual([]);
    expect(server.log).not.toContain(keys.client_secret);
  });

  await test.step("Claude discovers the server, and the person consents", async () => {
    connector = await Connector.discover(keys);
    const { authorization_endpoint, token_endpoint } = connector.authorizationServer;
    expect(authorization_endpoint).toBe(`${server.url}/api/v1/mcp-oauth/authorize`);
    expect(token_endpoint).toBe(`${server.url}/api/v1/mcp-oauth/token`);

    const callback = await claudeAnswers(page);
    await page.goto(connector.authorizeUrl());
    await expect(page.getByRole("heading", { name: "Connect Claude?" })).toBeVisible();
    const consent = page.getByRole("main");
    for (const said of ["claude.ai", "CRM", "Claude Desktop", "ada@example.com", ...enabled]) {
      await expect(consent).toContainText(said);
    }
    await expect(consent).not.toContainText(OFF);
    await approve(page, "All tools");

    const code = connector.code(await callback());
    const exchanged = await connector.exchange(code);
    expect(exchanged.status, JSON.stringify(exchanged.body)).toBe(200);
    tokens = exchanged.body;
    expect(tokens.token_type.toLowerCase()).toBe("bearer");
    expect(tokens.expires_in).toBe(3600);
  });

  await test.step("in both eras it sees the enabled tools of this project and no others", async () => {
    await server.bootstrap({
      email: "eve@example.com",
      project: "Others",
      tools: [{ ...getContact(tools.origin), name: OTHERS }],
    });
    const mcp = new Mcp(keys.server_url, tokens.access_token);
    const opened = await mcp.initialize();
    expect(opened.body.result.protocolVersion).toBe("2025-11-25");
    expect(opened.body.result.capabilities.tools).toBeTruthy();
    const discovered = await mcp.modern("server/discover");
    expect(discovered.body.result.supportedVersions).toContain("2026-07-28");
    expect(await mcp.toolNames()).toEqual(enabled);

    for (const era of ["modern", "legacy"] as const) {
      const disabled = await mcp.call(OFF, {}, era);
      expect(disabled.body.error.code).toBe(-32602);
      expect(disabled.body.error.message).toContain("disabled");
      // Another project's tool is answered exactly like one that nobody has.
      const foreign = await mcp.call(OTHERS, { id: "7" }, era);
      const unknown = await mcp.call("no-such-tool-here-x", { id: "7" }, era);
      expect(foreign.body.error).toEqual({
        ...unknown.body.error,
        message: unknown.body.error.message.replace("no-such-tool-here-x", OTHERS),
      });
      expect(foreign.body.error.code).toBe(-32602);
    }
    expect(tools.requests).toEqual([]);
  });

  await test.step("its calls reach the person's API, and never carry the token", async () => {
    const mcp = new Mcp(keys.server_url, tokens.access_token);
    const read = await mcp.call("crm-contacts-get", { id: "7" });
    expect(read.status).toBe(200);
    expect(read.body.result.isError ?? false).toBe(false);
    expect(read.body.result.content[0].text).toContain("Ada Lovelace");
    expect(read.body.result.content[0].text).toContain(tools.mark);
    const contact = { name: "Alan Turing", email: "alan@example.com" };
    const made = await mcp.call("crm-contacts-create", contact, "legacy");
    expect(made.body.result.content[0].text).toContain(tools.mark);
    const wrong = await mcp.call("crm-contacts-get", {});
    expect(wrong.body.result.isError).toBe(true);
    const sample = await mcp.call("sample-text-measure", { text: "Two words" });
    expect(sample.body.result.structuredContent.words).toBe(2);

    expect(tools.requests.map(({ method, path, body }) => ({ method, path, body }))).toEqual([
      { method: "GET", path: "/contacts/7", body: null },
      { method: "POST", path: "/contacts", body: contact },
    ]);
    for (const { headers } of tools.requests) {
      expect(headers["x-tengine-project-id"]).toBe(project);
      expect(headers["x-tengine-integration-id"]).toBe(integrationPage.split("/").at(-1));
      expect(headers["x-tengine-request-id"]).toMatch(/^[0-9a-f-]{32,36}$/);
      expect(Number(headers["x-tengine-timestamp"])).toBeGreaterThan(1_700_000_000);
      expect(headers).not.toHaveProperty("authorization");
      expect(headers).not.toHaveProperty("cookie");
      expect(JSON.stringify(headers)).not.toContain(tokens.access_token);
      // Only a tool that asks for them is sent the person's name and address.
      expect(JSON.stringify(headers)).not.toContain("ada@example.com");
    }
  });

  await test.step("the calls show on the project's page", async () => {
    await visit(page, `/projects/${project}/calls`);
    const row = page.getByRole("row").filter({ hasText: "crm-contacts-create" });
    await expect(row).toContainText("OK");
    await expect(row).toContainText("201");
    await expect(row).toContainText("MCP");
    const failed = page.getByRole("row").filter({ hasText: "Invalid arguments" });
    await expect(failed).toContainText("crm-contacts-get");
    await openTab(page, "Overview");
    await expect(page.getByRole("heading", { name: "Claude calls your tools" })).toBeVisible();
  });

  await test.step("a tool that is switched off and on again: Claude follows at once", async () => {
    const mcp = new Mcp(keys.server_url, tokens.access_token);
    await openTab(page, "Tools");
    await flip(page, "crm-contacts-get");
    expect(await mcp.toolNames()).toEqual(enabled.filter((name) => name !== "crm-contacts-get"));
    await flip(page, "crm-contacts-get");
    expect(await mcp.toolNames()).toEqual(enabled);
  });

  await test.step("a rotated secret: the old one fails, the new one works", async () => {
    const old = keys.client_secret;
    await visit(page, integrationPage);
    await page.getByRole("button", { name: "Rotate secret" }).click();
    await page.getByRole("button", { name: "Rotate it now" }).click();
    const dialog = secretDialog(page, "Your new Client Secret");
    keys = await shownKeys(dialog);
    expect(keys.client_secret).not.toBe(old);
    await saved(dialog);

    const withOld = await connector.refresh(tokens, old);
    expect(withOld.status).toBe(401);
    expect(withOld.body.error).toBe("invalid_client");
    expect(withOld.body.error_description).toContain("rotated");
    const withNew = await connector.refresh(tokens, keys.client_secret);
    expect(withNew.status, JSON.stringify(withNew.body)).toBe(200);
    expect(withNew.body.refresh_token).not.toBe(tokens.refresh_token);
    tokens = withNew.body;
    expect(await new Mcp(keys.server_url, tokens.access_token).toolNames()).toEqual(enabled);
  });

  await test.step("an inactive integration refuses everything and says why", async () => {
    await visit(page, integrationPage);
    await page.getByRole("button", { name: "Deactivate" }).click();
    const deactivate = page.getByRole("dialog", { name: /^Deactivate / });
    await expect(deactivate).toContainText("stops working");
    await deactivate.getByRole("button", { name: "Deactivate it" }).click();
    await expect(page.getByText("This integration is inactive")).toBeVisible();

    const refreshed = await connector.refresh(tokens, keys.client_secret);
    expect(refreshed.status).toBe(400);
    expect(refreshed.body.error).toBe("unauthorized_client");
    const mcp = new Mcp(keys.server_url, tokens.access_token);
    const listed = await mcp.modern("tools/list");
    expect(listed.status).toBe(403);
    expect(JSON.stringify(listed.body)).not.toContain("insufficient_scope");
    watch.allow(refused(403, /mcp-oauth\/authorize/));
    const answer = await page.goto(connector.authorizeUrl());
    expect(answer?.status()).toBe(403);
    await expect(page.getByRole("heading", { name: "This integration is inactive" })).toBeVisible();
    expect(page.url()).toContain(server.url);
  });

  await test.step("activating it restores the connection", async () => {
    await visit(page, integrationPage);
    await page.getByRole("button", { name: "Activate" }).click();
    await expect(page.getByRole("button", { name: "Deactivate" })).toBeVisible();
    expect(await new Mcp(keys.server_url, tokens.access_token).toolNames()).toEqual(enabled);
    const refreshed = await connector.refresh(tokens, keys.client_secret);
    expect(refreshed.status, JSON.stringify(refreshed.body)).toBe(200);
  });

  await test.step("deleting the connector and adding it again works", async () => {
    connector = await Connector.discover(keys);
    tokens = await connect(page, connector);
    expect(await new Mcp(keys.server_url, tokens.access_token).toolNames()).toEqual(enabled);
  });

  await test.step("the integration's own URL works too, for a second connector", async () => {
    await visit(page, integrationPage);
    const own = (await page.getByTestId("own-server-url").innerText()).trim();
    const second = await Connector.discover({ ...keys, server_url: own });
    const { access_token } = await connect(page, second);
    expect(await new Mcp(own, access_token).toolNames()).toEqual(enabled);
    // A token for the one URL is none for the other.
    const elsewhere = await new Mcp(keys.server_url, access_token).modern("tools/list");
    expect(elsewhere.status).toBe(401);
  });

  await test.step("a person who says no sends Claude back empty-handed", async () => {
    const third = await Connector.discover(keys);
    const callback = await claudeAnswers(page);
    await page.goto(third.authorizeUrl());
    await page.getByRole("button", { name: "Deny" }).click();
    const { searchParams } = await callback();
    expect(searchParams.get("error")).toBe("access_denied");
    expect(searchParams.get("state")).toBe(third.state);
    expect(searchParams.get("iss")).toBe(server.url);
    expect(searchParams.has("code")).toBe(false);
  });

  await test.step("signing out ends the session, and not the connection", async () => {
    await visit(page, "/projects");
    await signOut(page);
    await page.goto(`/projects/${project}/tools`);
    await page.waitForURL(/\/sign-in\?next=/);
    expect(await new Mcp(keys.server_url, tokens.access_token).toolNames()).toEqual(enabled);
  });
});
