// What an admin and a person do about connections: secrets with an overlap, ending connections, who
// may connect, which tools are offered, and the person's own connected apps.

import { connect } from "./support/consent.ts";
import { Connector } from "./support/connector.ts";
import { arrive, saved, secretDialog, shownKeys, signIn, visit } from "./support/dashboard.ts";
import { Mcp } from "./support/mcp.ts";
import type { Bootstrapped, Server } from "./support/server.ts";
import { expect, test } from "./support/test.ts";
import { createContact, getContact } from "./support/tools.ts";
import { refused } from "./support/watch.ts";

function owner(server: Server, origin: string): Promise<Bootstrapped> {
  return server.bootstrap({
    email: "ada@example.com",
    project: "CRM",
    integration: "Claude Desktop",
    tools: [getContact(origin), createContact(origin)],
  });
}

const pageOf = (ada: Bootstrapped) =>
  `/projects/${ada.project_id}/integrations/${ada.integration_id}`;

test("a rotation with an overlap keeps connections going, until it is ended", async ({
  page,
  server,
  tools,
}) => {
  const ada = await owner(server, tools.origin);
  await arrive(page, ada);
  const connector = await Connector.discover(ada);
  const tokens = await connect(page, connector);
  await visit(page, pageOf(ada));

  await page.getByRole("button", { name: "Rotate secret" }).click();
  const rotation = page.getByRole("dialog", { name: "Rotate the Client Secret?" });
  await expect(rotation.getByRole("radio", { name: "Not at all" })).toBeChecked();
  await expect(rotation).toContainText(
    "1 connection works until its access token expires, an hour at most",
  );
  await rotation.getByRole("radio", { name: "24 hours" }).check();
  await rotation.getByRole("button", { name: "Rotate it now" }).click();
  await saved(secretDialog(page, "Your new Client Secret"));
  await expect(page.getByTestId("secret-prefix")).toHaveCount(2);
  await expect(page.getByText(/^works until/)).toBeVisible();
  const again = await connector.refresh(tokens, ada.client_secret);
  expect(again.status).toBe(200);

  await page.getByRole("button", { name: "End now" }).click();
  await page.getByRole("button", { name: "End it now" }).click();
  await expect(page.getByTestId("secret-prefix")).toHaveCount(1);
  const refusal = await connector.refresh(again.body, ada.client_secret);
  expect([refusal.status, refusal.body]).toMatchObject([401, { error: "invalid_client" }]);
});

test("a connection says which tools its client has, of those that it could have", async ({
  page,
  server,
  tools,
}) => {
  const ada = await owner(server, tools.origin);
  await arrive(page, ada);
  const tokens = await connect(page, await Connector.discover(ada));
  const connection = page.getByRole("region", { name: "Connections" }).getByRole("listitem");
  await visit(page, pageOf(ada));
  await expect(connection).toContainText("Has not fetched its list of tools yet.");

  const mcp = new Mcp(ada.server_url, tokens.access_token);
  await mcp.modern("tools/list");
  await visit(page, pageOf(ada));
  await expect(connection).toContainText("Has all 2 tools, fetched just now.");

  const path = `/projects/${ada.project_id}/tools`;
  const [first] = (await server.api(ada.api_key, "GET", path)).data;
  await server.api(ada.api_key, "PATCH", `${path}/${first.id}`, { is_enabled: false });
  await visit(page, pageOf(ada));
  await expect(connection).toContainText("Has 2 tools, of a list that is shorter now, fetched just now. The list has changed");
  await mcp.legacy("tools/list");
  await visit(page, pageOf(ada));
  await expect(connection).toContainText("Has the one tool, fetched just now.");
});

test("one connection is ended, then all of them", async ({ page, server, tools }) => {
  const ada = await owner(server, tools.origin);
  await arrive(page, ada);
  await connect(page, await Connector.discover(ada));
  await connect(page, await Connector.discover(ada), "Read-only tools");
  await visit(page, pageOf(ada));
  const connections = page.getByRole("region", { name: "Connections" });
  await expect(connections.getByRole("listitem")).toHaveCount(2);
  await expect(connections.getByRole("listitem").first()).toContainText("Read-only tools");
  await expect(connections).toContainText("ada@example.com");

  await connections.getByRole("button", { name: "Disconnect", exact: true }).first().click();
  await page.getByRole("button", { name: "Disconnect it" }).click();
  await expect(connections.getByRole("listitem")).toHaveCount(1);
  await connections.getByRole("button", { name: "Disconnect everything" }).click();
  await expect(page.getByRole("dialog", { name: "Disconnect everything?" })).toContainText(
    "1 connection ends now",
  );
  await page.getByRole("button", { name: "Yes, disconnect everything" }).click();
  await expect(connections).toContainText("Nobody is connected");
});

test("the secret alone authorizes where an admin says so", async ({ page, server, tools }) => {
  const ada = await owner(server, tools.origin);
  await arrive(page, ada);
  await visit(page, pageOf(ada));
  const who = page.getByRole("region", { name: "Who may connect" });
  const approve = who.getByRole("button", { name: "Approve automatically from now on" });
  await who.getByText("Approve automatically", { exact: true }).click();
  await approve.click();
  await expect(page.getByText("Approves by itself", { exact: true })).toBeVisible();

  await who.getByText("Switch on client credentials").click();
  await who.getByRole("button", { name: "Switch it on" }).click();
  await expect(who.getByRole("button", { name: "Switch it off" })).toBeVisible();
  const connector = await Connector.discover(ada);
  const answer = await fetch(connector.authorizationServer.token_endpoint, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: ada.client_id,
      client_secret: ada.client_secret,
    }),
  });
  expect(answer.status).toBe(200);
  await visit(page, pageOf(ada));
  const connections = page.getByRole("region", { name: "Connections" });
  await expect(connections).toContainText("nobody: its own credentials");
  await who.getByRole("button", { name: "Switch it off" }).click();
  await expect(connections).toContainText("Nobody is connected");
});

test("a new integration that approves by itself", async ({ page, server, tools }) => {
  const ada = await owner(server, tools.origin);
  await arrive(page, ada);
  await visit(page, `/projects/${ada.project_id}/integrations`);
  await page.getByRole("button", { name: "New integration" }).click();
  await page.getByLabel("Integration name").fill("Nightly");
  await page.getByText("Advanced").click();
  await page.getByLabel("Approval").selectOption("true");
  await page.getByRole("button", { name: "Create integration" }).click();
  const dialog = secretDialog(page, "Your integration is ready");
  expect((await shownKeys(dialog)).client_id).not.toBe(ada.client_id);
  await saved(dialog);
  await expect(page.getByText("Approves by itself", { exact: true })).toBeVisible();
});

test("a person ends their own connection under Connected apps", async ({ page, server, tools }) => {
  const ada = await owner(server, tools.origin);
  await arrive(page, ada);
  const connector = await Connector.discover(ada);
  const tokens = await connect(page, connector);
  await visit(page, "/projects");
  await page.getByRole("button", { name: ada.email }).click();
  await page.getByRole("link", { name: "Your account" }).click();
  await page.getByRole("link", { name: "Connected apps" }).click();
  await expect(page.getByText("CRM, by Claude Desktop")).toBeVisible();
  await page.getByRole("button", { name: "Disconnect", exact: true }).click();
  await page.getByRole("button", { name: "Disconnect it" }).click();
  await expect(page.getByRole("heading", { name: "No app is connected" })).toBeVisible();
  const refusal = await connector.refresh(tokens, ada.client_secret);
  expect([refusal.status, refusal.body]).toMatchObject([400, { error: "invalid_grant" }]);
});

test("all of it works without JavaScript on a narrow screen", async ({
  newPage,
  server,
  tools,
  watch,
}) => {
  // The browser says that it runs no script.
  watch.allow(/tengine\.[\w-]+\.js csp/);
  watch.allow(refused(422));
  const ada = await owner(server, tools.origin);
  const page = await newPage({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  const fits = async () =>
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.goto("/sign-in");
  await signIn(page, ada);
  await page.waitForURL("**/projects");
  await connect(page, await Connector.discover(ada));
  await page.goto(pageOf(ada));
  await fits();
  const who = page.getByRole("region", { name: "Who may connect" });
  await who.getByText("Approve automatically", { exact: true }).click();
  await who.getByRole("button", { name: "Approve automatically from now on" }).click();
  await expect(page.getByText("Approves by itself", { exact: true })).toBeVisible();
  const own = who.getByRole("switch", { name: "Clients that register themselves" });
  await own.click();
  await expect(own).toBeChecked();
  await page.getByRole("link", { name: "Choose the tools" }).click();
  await page.getByRole("radio", { name: "Only the tools I tick" }).check();
  await page.getByRole("checkbox", { name: "crm-contacts-create" }).check();
  await page.getByRole("button", { name: "Save tools" }).click();
  await expect(page.getByText("It offers 1 of 2 tools now.")).toBeVisible();
  await expect(page.getByRole("checkbox", { name: "crm-contacts-create" })).toBeChecked();
  await fits();
  await page.goto("/account/connected-apps");
  await fits();
  await page.getByRole("button", { name: "Disconnect", exact: true }).click();
  await page.getByRole("button", { name: "Disconnect it" }).click();
  await expect(page.getByRole("heading", { name: "No app is connected" })).toBeVisible();
});
