// Consent: whoever arrives, on whatever browser, is asked; and only what was granted is granted.

import { approve, connect } from "./support/consent.ts";
import { Connector, claudeAnswers } from "./support/connector.ts";
import { arrive, signIn } from "./support/dashboard.ts";
import { Mcp } from "./support/mcp.ts";
import type { Bootstrapped, Server } from "./support/server.ts";
import { expect, test } from "./support/test.ts";
import { createContact, getContact } from "./support/tools.ts";
import { refused } from "./support/watch.ts";

const READING = "crm-contacts-get_by_id";
const WRITING = "crm-contacts-create";

/** A project with one tool that reads and one that writes. */
function owner(server: Server, origin: string): Promise<Bootstrapped> {
  return server.bootstrap({
    email: "ada@example.com",
    project: "CRM",
    tools: [getContact(origin), createContact(origin)],
  });
}

test("who is signed out signs in first and lands on consent", async ({ page, server, tools, watch }) => {
  const ada = await owner(server, tools.origin);
  const connector = await Connector.discover(ada);
  const callback = await claudeAnswers(page);
  await page.goto(connector.authorizeUrl());
  await page.waitForURL(/\/sign-in\?next=/);
  await expect(page.getByRole("main")).toContainText("to connect your client");

  watch.allow(refused(401, /sign-in/));
  await signIn(page, { email: ada.email, password: "not the password" });
  await expect(page.getByRole("alert")).toContainText("do not match an account");
  await expect(page.getByLabel("Email")).toHaveValue(ada.email);
  await signIn(page, ada);

  await expect(page.getByRole("heading", { name: "Connect Claude?" })).toBeVisible();
  await approve(page, "All tools");
  const { status, body } = await connector.exchange(connector.code(await callback()));
  expect(status).toBe(200);
  const mcp = new Mcp(ada.server_url, body.access_token);
  expect(await mcp.toolNames()).toEqual([WRITING, READING]);
});

test("without JavaScript, on a narrow screen", async ({ newPage, server, tools }) => {
  const ada = await owner(server, tools.origin);
  const connector = await Connector.discover(ada);
  const page = await newPage({
    javaScriptEnabled: false,
    viewport: { width: 360, height: 720 },
  });
  const fits = async () => {
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(360);
    for (const button of await page.getByRole("button").all()) {
      const box = await button.boundingBox();
      expect(box!.x).toBeGreaterThanOrEqual(0);
      expect(box!.x + box!.width).toBeLessThanOrEqual(360);
    }
  };
  const callback = await claudeAnswers(page);
  await page.goto(connector.authorizeUrl());
  await fits();
  await signIn(page, ada);
  await expect(page.getByRole("heading", { name: "Connect Claude?" })).toBeVisible();
  await fits();
  await approve(page, "All tools");
  const { status } = await connector.exchange(connector.code(await callback()));
  expect(status).toBe(200);
});

test("who is not a member is told what to do, and nothing is granted", async ({
  page,
  server,
  tools,
  watch,
}) => {
  const ada = await owner(server, tools.origin);
  const eve = await server.bootstrap({ email: "eve@example.com", project: "Others" });
  const connector = await Connector.discover(ada);
  await arrive(page, eve);
  const csrf = await page.locator('form[action="/sign-out"] input[name=csrf]').inputValue();

  watch.allow(refused(403, /authorize/));
  const answer = await page.goto(connector.authorizeUrl());
  expect(answer?.status()).toBe(403);
  await expect(
    page.getByRole("heading", { name: "You are not a member of this project" }),
  ).toBeVisible();
  await expect(page.getByRole("main")).toContainText("Ask the project's owner to add you");
  await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);

  // The form that she was not shown, with the right token of her own session.
  const asked = Object.fromEntries(new URL(connector.authorizeUrl()).searchParams);
  const forged = await page.request.post("/api/v1/mcp-oauth/authorize", {
    form: { ...asked, csrf, decision: "approve", tools: "all" },
    headers: { origin: server.url },
    maxRedirects: 0,
  });
  expect(forged.status()).toBe(403);
  expect(forged.headers().location).toBeUndefined();
});

test("only read-only tools are granted, and the server keeps to it", async ({ page, server, tools }) => {
  const ada = await owner(server, tools.origin);
  const connector = await Connector.discover(ada);
  await arrive(page, ada);
  const { access_token } = await connect(page, connector, "Read-only tools");
  const mcp = new Mcp(ada.server_url, access_token);
  expect(await mcp.toolNames()).toEqual([READING]);

  const writing = await mcp.call(WRITING, { name: "Eve", email: "eve@example.com" });
  expect(writing.body.error).toMatchObject({ code: -32602, message: `Unknown tool: ${WRITING}` });
  expect(tools.requests).toEqual([]);
  const reading = await mcp.call(READING, { id: "8" });
  expect(reading.body.result.content[0].text).toContain("Grace Hopper");

  // Such tools that are added later are included, as the page says; others are not.
  await server.api(ada.api_key, "POST", `/projects/${ada.project_id}/tools`, {
    ...getContact(tools.origin),
    name: "crm-contacts-later",
  });
  await server.api(ada.api_key, "POST", `/projects/${ada.project_id}/tools`, {
    ...createContact(tools.origin),
    name: "crm-contacts-later_writing",
  });
  expect(await mcp.toolNames()).toEqual([READING, "crm-contacts-later"]);
});

test("only the ticked tool is granted", async ({ page, server, tools }) => {
  const ada = await owner(server, tools.origin);
  const connector = await Connector.discover(ada);
  await arrive(page, ada);
  const callback = await claudeAnswers(page);
  await page.goto(connector.authorizeUrl());
  await page.getByRole("radio", { name: "Only the tools I tick" }).check();
  await page.getByRole("checkbox", { name: "Create a contact" }).check();
  await page.getByRole("button", { name: "Approve" }).click();
  const { body } = await connector.exchange(connector.code(await callback()));
  const mcp = new Mcp(ada.server_url, body.access_token);
  expect(await mcp.toolNames()).toEqual([WRITING]);
});

test("a stranger's client id or way back is an error page and never a redirect", async ({
  page,
  server,
  tools,
  watch,
}) => {
  const ada = await owner(server, tools.origin);
  const connector = await Connector.discover(ada);
  await arrive(page, ada);
  watch.allow(refused(400, /authorize/));
  const hostile: [Record<string, string | null>, string][] = [
    [{ client_id: "nobody" }, "This client is not known here"],
    [{ client_id: null }, "This client is not known here"],
    ...[
      "https://evil.example/cb",
      "https://claude.ai.evil.example/api/mcp/auth_callback",
      "https://claude.ai/api/mcp/auth_callback/",
      "https://claude.ai/api/mcp/auth_callback?x=1",
      "https://claude.ai@evil.example/api/mcp/auth_callback",
      "https://CLAUDE.ai/api/mcp/auth_callback",
      "http://localhost.evil.example/callback",
      "javascript:alert(1)",
    ].map((redirect_uri): [Record<string, string>, string] => [
      { redirect_uri },
      "This client may not be sent back to where it asks",
    ]),
    [{ redirect_uri: null }, "This client may not be sent back to where it asks"],
  ];
  for (const [changes, heading] of hostile) {
    const answer = await page.goto(connector.authorizeUrl(changes));
    expect(answer?.status(), JSON.stringify(changes)).toBe(400);
    await expect(page.getByRole("heading", { name: heading })).toBeVisible();
    await expect(page.getByRole("main")).toContainText("What to do");
    expect(new URL(page.url()).origin).toBe(server.url);
  }
});

test("other mistakes of a client go back to it, with state and iss", async ({ page, server, tools }) => {
  const ada = await owner(server, tools.origin);
  const connector = await Connector.discover(ada);
  await arrive(page, ada);
  const mistakes: [Record<string, string | null>, string][] = [
    [{ code_challenge_method: "plain" }, "invalid_request"],
    [{ code_challenge: null }, "invalid_request"],
    [{ response_type: "token" }, "unsupported_response_type"],
    [{ resource: "https://evil.example/mcp/" }, "invalid_target"],
    [{ prompt: "none" }, "consent_required"],
  ];
  for (const [changes, error] of mistakes) {
    const callback = await claudeAnswers(page);
    await page.goto(connector.authorizeUrl(changes));
    const { searchParams } = await callback();
    expect(searchParams.get("error"), JSON.stringify(changes)).toBe(error);
    expect(searchParams.get("state")).toBe(connector.state);
    expect(searchParams.get("iss")).toBe(server.url);
  }
});
