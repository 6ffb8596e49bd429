// A team: inviting, roles, leaving, and getting back in.

import type { Page } from "@playwright/test";

import { Connector } from "./support/connector.ts";
import { connect } from "./support/consent.ts";
import { arrive, hydrated, PASSWORD, signIn, visit } from "./support/dashboard.ts";
import { linkIn } from "./support/mail.ts";
import { type Bootstrapped } from "./support/server.ts";
import { expect, test } from "./support/test.ts";
import { getContact } from "./support/tools.ts";
import { refused } from "./support/watch.ts";

const BOB = { email: "bob@example.com", password: PASSWORD };

/** Makes an invitation in the dashboard, and answers with its link. */
async function invite(page: Page, ada: Bootstrapped, role: string): Promise<string> {
  await visit(page, `/projects/${ada.project_id}/members`);
  await page.getByRole("button", { name: "Invite" }).click();
  const dialog = page.getByRole("dialog", { name: "Invite to the project" });
  await dialog.getByLabel("Role").selectOption(role);
  await dialog.getByRole("button", { name: "Create invitation" }).click();
  const made = page.getByRole("dialog", { name: "Invitation created" });
  const link = await made.getByTestId("invitation-link").innerText();
  await made.getByRole("button", { name: "Done" }).click();
  return link;
}

test("a colleague joins by a link, connects their own client, and loses it with their place", async ({
  newPage,
  server,
  tools,
  watch,
}) => {
  watch.allow(refused(403), refused(404));
  const ada = await server.bootstrap({
    email: "ada@example.com",
    project: "CRM",
    tools: [getContact(tools.origin)],
  });
  const owner = await newPage();
  await arrive(owner, ada);
  const link = await invite(owner, ada, "viewer");

  // Sign-up is closed on this instance, and the invitation opens it.
  const bob = await newPage();
  await bob.goto(link);
  await expect(bob.getByRole("heading", { name: "Join CRM" })).toBeVisible();
  await expect(bob.getByText("ada@example.com invites you as viewer.")).toBeVisible();
  await bob.getByRole("link", { name: "Create an account" }).click();
  await bob.getByLabel("Email").fill(BOB.email);
  await bob.getByLabel("Password").fill(PASSWORD);
  await bob.getByRole("button", { name: "Create account" }).click();
  await bob.waitForURL("**/projects");
  await hydrated(bob);
  await bob.getByRole("link", { name: "CRM" }).click();
  await expect(bob.getByRole("link", { name: "Tools" })).toBeVisible();
  await visit(bob, `/projects/${ada.project_id}/members`);
  await expect(bob.getByRole("button", { name: "Invite" })).toBeHidden();
  // It is used up.
  const late = await newPage();
  await late.goto(link);
  await expect(late.getByRole("heading", { name: "This link does not work" })).toBeVisible();

  const connector = await Connector.discover(ada);
  const tokens = await connect(bob, connector);
  const list = () =>
    fetch(ada.server_url, {
      method: "POST",
      headers: {
        authorization: `Bearer ${tokens.access_token}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
    });
  expect((await list()).status).toBe(200);

  await visit(owner, `/projects/${ada.project_id}/members`);
  const row = owner.getByRole("listitem").filter({ hasText: BOB.email });
  await row.getByLabel(`Role of ${BOB.email}`).selectOption("developer");
  await row.getByRole("button", { name: "Change" }).click();
  await expect(row.getByLabel(`Role of ${BOB.email}`)).toHaveValue("developer");
  await row.getByRole("button", { name: `Remove ${BOB.email}` }).click();
  const dialog = owner.getByRole("dialog", { name: `Remove ${BOB.email}?` });
  await expect(dialog).toContainText("1 connection of Claude or another client");
  await dialog.getByRole("button", { name: "Remove" }).click();
  await expect(row).toBeHidden();
  expect((await list()).status).toBe(401);
  await bob.goto(`/projects/${ada.project_id}/tools`);
  await expect(bob.getByRole("alert")).toContainText("There is no such project");
});

test.describe("with mail", () => {
  test.use({ sendsMail: true });

  test("mail brings invitations and recovery links, and a notice of what was done", async ({
  newPage,
  server,
  mail,
}) => {
  const ada = await server.bootstrap({ email: "ada@example.com", project: "CRM", tools: [] });
  const owner = await newPage();
  await arrive(owner, ada);
  await visit(owner, `/projects/${ada.project_id}/members`);
  await owner.getByRole("button", { name: "Invite" }).click();
  const dialog = owner.getByRole("dialog", { name: "Invite to the project" });
  await dialog.getByLabel("Delivery").selectOption("true");
  await dialog.getByLabel("Only for this address").fill(BOB.email);
  await dialog.getByRole("button", { name: "Create invitation" }).click();
  await expect(owner.getByText(`A mail is on its way to ${BOB.email}.`)).toBeVisible();
  const invitation = await mail.next(BOB.email);
  expect(invitation.subject).toContain("CRM");

  const bob = await newPage();
  await bob.goto(linkIn(invitation, server.url));
  await bob.getByRole("link", { name: "Create an account" }).click();
  await bob.getByLabel("Email").fill(BOB.email);
  await bob.getByLabel("Password").fill(PASSWORD);
  await bob.getByRole("button", { name: "Create account" }).click();
  await bob.waitForURL("**/projects");
  await visit(bob, "/account");
  await expect(bob.getByText("verified", { exact: true })).toBeVisible();

  const away = await newPage();
  await away.goto("/sign-in");
  await away.getByRole("link", { name: "I cannot sign in" }).click();
  await away.locator("#mail-email").fill(BOB.email);
  await away.getByRole("button", { name: "Send me a link" }).click();
  await expect(away.getByRole("heading", { name: "Look into your mail" })).toBeVisible();
  await away.goto(linkIn(await mail.next(BOB.email), server.url));
  await expect(away.getByText("b…@example.com")).toBeVisible();
  const next = "seven purple bicycles";
  await away.getByLabel("New password").fill(next);
  await away.getByRole("button", { name: "Set it" }).click();
  await away.waitForURL("**/sign-in?recovered");
  await expect(away.getByText("Your new password is set")).toBeVisible();
  expect((await mail.next(BOB.email)).subject).toMatch(/password|recovered/i);
  // Everywhere else he is signed out.
  await bob.goto("/projects");
  await bob.waitForURL("**/sign-in?next=*");
  await signIn(away, { email: BOB.email, password: next });
  await away.waitForURL("**/projects");
});
});

test("the operator lets somebody back in, and a key and an account end", async ({
  newPage,
  server,
  watch,
}) => {
  watch.allow(refused(409));
  const ada = await server.bootstrap({ email: "ada@example.com", project: "CRM", tools: [] });
  const page = await newPage();
  await arrive(page, ada);
  await visit(page, `/projects/${ada.project_id}/api-keys`);
  await page.getByRole("button", { name: "New API key" }).click();
  const dialog = page.getByRole("dialog", { name: "New API key" });
  await dialog.getByLabel("Name").fill("Nightly import");
  await dialog.getByLabel("Role").selectOption("viewer");
  await dialog.getByRole("button", { name: "Create API key" }).click();
  const shown = page.getByRole("dialog", { name: "Your API key" });
  const key = await shown.getByTestId("api-key").innerText();
  await shown.getByRole("button", { name: "I have saved it" }).click();
  const account = await server.api(key, "GET", "/account");
  expect(account.api_key.role).toBe("viewer");
  await visit(page, `/projects/${ada.project_id}/api-keys`);
  await page
    .getByRole("listitem")
    .filter({ hasText: "Nightly import" })
    .getByRole("button", { name: "Revoke" })
    .click();
  await page.getByRole("button", { name: "Revoke it" }).click();
  await expect(page.getByText("Nightly import", { exact: true })).toBeHidden();
  await expect(server.api(key, "GET", "/account")).rejects.toThrow("401");

  // The last owner of the instance stays.
  await visit(page, "/account");
  await expect(page.getByText("You are the last owner of the instance")).toBeVisible();
});
