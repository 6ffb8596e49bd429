// The page of one integration: the way to a first connection, what keeps clients out, and which tools it offers.

import type { Page } from "@playwright/test";

import { Connector } from "./support/connector.ts";
import { connect } from "./support/consent.ts";
import { arrive, saved, secretDialog, signIn, visit } from "./support/dashboard.ts";
import { Mcp } from "./support/mcp.ts";
import type { Bootstrapped, Server } from "./support/server.ts";
import { expect, test } from "./support/test.ts";
import { createContact, getContact } from "./support/tools.ts";
import { refused } from "./support/watch.ts";

const STRANGE = "https://a.example/callback?x=1";

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

/** Somebody sends a browser to authorize with an address of their own. */
async function refuse(ada: Bootstrapped, redirect_uri = STRANGE): Promise<void> {
  const connector = await Connector.discover(ada);
  const answer = await fetch(connector.authorizeUrl({ redirect_uri }), { redirect: "manual" });
  expect(answer.status).toBe(400);
}

async function before(page: Page, first: string, second: string): Promise<void> {
  const top = async (id: string) => (await page.locator(`#${id}`).boundingBox())?.y ?? Number.NaN;
  expect(await top(first)).toBeLessThan(await top(second));
}

test("the guide comes first until somebody is connected, and what they do first shows by itself", async ({
  newPage,
  server,
  tools,
}) => {
  const ada = await owner(server, tools.origin);
  const [page, other] = [await newPage(), await newPage()];
  for (const one of [page, other]) await arrive(one, ada);
  await visit(page, `/projects/${ada.project_id}/integrations`);
  await page.getByRole("button", { name: "New integration" }).click();
  await page.getByLabel("Integration name").fill("Nightly");
  await page.getByRole("button", { name: "Create integration" }).click();
  await saved(secretDialog(page, "Your integration is ready"));
  await page.waitForURL(/\/integrations\/[^/]+#setup$/);
  await expect(page.getByRole("heading", { name: "Connect a client" })).toBeInViewport();

  await visit(page, pageOf(ada));
  await before(page, "credentials", "setup");
  await before(page, "setup", "connections");
  const tokens = await connect(other, await Connector.discover(ada));
  const step = (word: string) => page.locator(`[data-step="${word}"]`);
  await expect(step("token")).toHaveClass(/done/);
  await before(page, "connections", "setup");
  await expect(step("list")).not.toHaveClass(/done/);
  const mcp = new Mcp(ada.server_url, tokens.access_token);
  await mcp.modern("tools/list");
  await expect(step("list")).toHaveClass(/done/);
  await expect(step("call")).not.toHaveClass(/done/);
  await mcp.call("crm-contacts-get_by_id", { id: "7" });
  await expect(step("call")).toHaveClass(/done/);
});

test("a rotated secret is saved, and the page goes on at the guide without it", async ({ page, server, tools }) => {
  const ada = await owner(server, tools.origin);
  await arrive(page, ada);
  await visit(page, pageOf(ada));
  await page.getByRole("button", { name: "Rotate secret" }).click();
  await page.getByRole("button", { name: "Rotate it now" }).click();
  const dialog = secretDialog(page, "Your new Client Secret");
  const secret = (await dialog.getByTestId("client-secret").innerText()).trim();
  await saved(dialog);
  await expect(page).toHaveURL(/#setup$/);
  expect(await page.content()).not.toContain(secret);
});

test("a stranger's redirect URI is read before it is saved, and a refusal is dismissed until the next", async ({
  page,
  server,
  tools,
  watch,
}) => {
  watch.allow(refused(400, /mcp-oauth\/authorize/));
  const ada = await owner(server, tools.origin);
  await arrive(page, ada);
  await visit(page, pageOf(ada));
  const refusal = page.getByTestId("last-refusal");
  await expect(refusal).toHaveCount(0);
  // It shows by itself.
  await refuse(ada);
  await expect(refusal).toContainText("a.example");
  await refusal.getByRole("button", { name: "Dismiss" }).click();
  await expect(refusal).toHaveCount(0);
  await refuse(ada);
  await expect(refusal).toContainText("a.example");

  await refusal.getByRole("link", { name: "Look at it, and add it" }).click();
  const uris = page.getByRole("region", { name: "Redirect URIs" });
  await expect(uris.getByLabel("Redirect URI to add")).toHaveValue(STRANGE);
  await expect(uris).toContainText("save it only if you know whose it is");
  await expect(uris.getByLabel("One URI a line")).not.toHaveValue(/a\.example/);
  await uris.getByRole("button", { name: "Save this redirect URI" }).click();
  await expect(uris.getByLabel("One URI a line")).toHaveValue(/a\.example/);
  await expect(uris.getByLabel("Redirect URI to add")).toHaveCount(0);
  await expect(refusal).toHaveCount(0);
});

test("deactivating asks first, and says how many stop", async ({ page, server, tools }) => {
  const ada = await owner(server, tools.origin);
  await arrive(page, ada);
  await connect(page, await Connector.discover(ada));
  await visit(page, pageOf(ada));
  await page.getByRole("button", { name: "Deactivate" }).click();
  const dialog = page.getByRole("dialog", { name: "Deactivate Claude Desktop?" });
  await expect(dialog).toContainText("1 connection stops working");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("This integration is inactive")).toHaveCount(0);
  await page.getByRole("button", { name: "Deactivate" }).click();
  await dialog.getByRole("button", { name: "Deactivate it" }).click();
  await expect(page.getByText("activating it restores 1 connection")).toBeVisible();
  await page.getByRole("button", { name: "Activate", exact: true }).click();
  await expect(page.getByRole("button", { name: "Deactivate" })).toBeVisible();
});

test("tools are chosen on a page of their own, by search and page by page", async ({ page, server, tools }) => {
  const ada = await owner(server, tools.origin);
  for (let number = 0; number < 60; number++) {
    await server.api(ada.api_key, "POST", `/projects/${ada.project_id}/tools`, {
      ...getContact(tools.origin),
      name: `zoo-animal-${String(number).padStart(2, "0")}`,
      title: "Feed an animal",
    });
  }
  await arrive(page, ada);
  await visit(page, pageOf(ada));
  await page.getByRole("link", { name: "Choose the tools" }).click();
  await page.getByRole("searchbox", { name: "Search the tools" }).fill("ZOO feed");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.getByText("1 to 50 of 60")).toBeVisible();
  await page.getByRole("radio", { name: "Only the tools I tick" }).check();
  await page.getByRole("checkbox", { name: "zoo-animal-00" }).check();
  await page.getByRole("button", { name: "Save, and show the next" }).click();
  await expect(page.getByText("51 to 60 of 60")).toBeVisible();
  await page.getByRole("checkbox", { name: "zoo-animal-55" }).check();
  await page.getByRole("button", { name: "Save tools" }).click();
  await expect(page.getByText("It offers 2 of 62 tools now.")).toBeVisible();
  await page.getByRole("combobox", { name: "Which ones" }).selectOption("Offered");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.getByRole("checkbox")).toHaveCount(2);
  await visit(page, pageOf(ada));
  await expect(page.getByText("2 of 62 tools, and none that is added later.")).toBeVisible();
});

test("what read-only leaves out is seen to be left out", async ({ newPage, server, tools, watch }) => {
  // The browser says that it runs no script.
  watch.allow(/tengine\.[\w-]+\.js csp/);
  const ada = await owner(server, tools.origin);
  const page = await newPage({ javaScriptEnabled: false });
  await page.goto("/sign-in");
  await signIn(page, ada);
  await page.waitForURL("**/projects");
  await page.goto((await Connector.discover(ada)).authorizeUrl());
  const out = page.getByText("1 tool that changes or deletes things is left out.");
  await expect(page.getByRole("radio", { name: "Read-only tools" })).toBeChecked();
  await expect(out).toBeVisible();
  await page.getByRole("radio", { name: "All tools" }).check();
  await expect(out).toBeHidden();
  await page.getByRole("radio", { name: "Read-only tools" }).check();
  await expect(out).toBeVisible();
});
