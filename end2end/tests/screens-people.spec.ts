// Pictures of the pages on which people sign in, get back in, join, and look after their account.

import type { Page } from "@playwright/test";

import { totp, VirtualAuthenticator } from "./support/authenticator.ts";
import { arrive, hydrated, PASSWORD, signIn, signOut, visit } from "./support/dashboard.ts";
import { linkIn } from "./support/mail.ts";
import { camera, FORMS } from "./support/picture.ts";
import { expect, test } from "./support/test.ts";
import { getContact } from "./support/tools.ts";
import { refused } from "./support/watch.ts";

test.use({ sendsMail: true });

const BOB = { email: "bob@example.com", password: PASSWORD };

/** Makes an account by the page that a link of an invitation leads to. */
async function join(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Create an account" }).click();
  await page.getByLabel("Email").fill(BOB.email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL("**/projects");
}

/** Adds an authenticator app on the page that offers it. */
async function addApp(page: Page, secret: string): Promise<string[]> {
  await page.getByLabel("Code").fill(totp(secret));
  await page.getByRole("button", { name: "Add it" }).click();
  await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeVisible();
  return page.locator(".recovery-codes li").allInnerTexts();
}

async function addPasskey(page: Page): Promise<void> {
  await page.getByLabel("Name of the new passkey").fill("Laptop");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await expect(page.getByText("Laptop", { exact: true })).toBeVisible();
  await hydrated(page);
}

async function leave(page: Page): Promise<void> {
  await visit(page, "/projects");
  await signOut(page);
}

/** Opens a dialog by its button, has it shown, and closes it again. */
async function dialog(page: Page, button: string, title: string | RegExp, show: () => Promise<void>) {
  await page.getByRole("button", { name: button }).click();
  const opened = page.getByRole("dialog", { name: title });
  await expect(opened).toBeVisible();
  await show();
  await opened.getByRole("button", { name: "Cancel" }).click();
  await expect(opened).toBeHidden();
}

for (const form of FORMS) {
  const { name: theme, colorScheme, viewport } = form;
  test(`pages of people, ${theme}`, async ({ newPage, server, tools, watch }) => {
    test.setTimeout(180_000);
    watch.allow(refused(422), refused(404), refused(401), refused(403));
    const ada = await server.bootstrap({
      email: "ada@example.com",
      project: "Customer relations",
      tools: [getContact(tools.origin)],
    });
    const page = await newPage({ colorScheme, viewport });
    const take = camera(form);
    const shot = (name: string) => take(page, name);
    await page.goto("/recover");
    await shot("recover");
    await page.getByText("I have a recovery code").click();
    await page.locator("#code-email").fill("ada@example.com");
    await page.locator("#code").fill("ABCD");
    await page.locator("#code-password").fill("short");
    await page.getByRole("button", { name: "Set the new password" }).click();
    await shot("recover-wrong");
    await page.goto("/recover?token=tng_link_nothing");
    await shot("recover-dead");

    await arrive(page, ada);
    const members = `/projects/${ada.project_id}/members`;
    await visit(page, members);
    await page.getByRole("button", { name: "Invite" }).click();
    await shot("invite");
    await page.getByRole("button", { name: "Create invitation" }).click();
    const link = await page.getByTestId("invitation-link").innerText();
    await shot("invite-made");
    await page.getByRole("button", { name: "Done" }).click();
    const bob = await newPage({ colorScheme, viewport });
    await bob.goto(link);
    await take(bob, "invitation");
    await join(bob);
    await visit(page, members);
    await shot("members-two");
    await page.getByRole("button", { name: "Remove bob@example.com" }).click();
    await expect(page.getByText("They can no longer open the project.")).toBeVisible();
    await shot("member-remove");

    await visit(page, `/projects/${ada.project_id}/api-keys`);
    await page.getByRole("button", { name: "New API key" }).click();
    await shot("api-key-new");
    await page.getByLabel("Name").fill("Nightly import");
    await page.getByRole("button", { name: "Create API key" }).click();
    await expect(page.getByTestId("api-key")).toBeVisible();
    await shot("api-key-made");
    await page.getByRole("button", { name: "I have saved it" }).click();
    await visit(page, `/projects/${ada.project_id}/api-keys`);
    await shot("api-keys-one");

    await VirtualAuthenticator.on(page);
    await page.goto("/confirm");
    await shot("confirm");
    await page.goto("/account/authenticator");
    await page.getByText("It cannot scan").click();
    const secret = await page.locator(".fold-body .mono").innerText();
    await shot("authenticator");
    await addApp(page, secret);
    await shot("recovery-codes");
    await page.getByRole("link", { name: "I have saved them" }).click();
    await hydrated(page);
    await addPasskey(page);
    await shot("account-security-in-use");
    await visit(page, "/instance/accounts");
    await page.getByRole("listitem").filter({ hasText: "bob@example.com" }).getByRole("button").click();
    await shot("instance-account");
    await leave(page);
    await shot("sign-in-plain");
    await signIn(page, ada);
    await expect(page.getByRole("heading", { name: "Second factor" })).toBeVisible();
    await shot("second-factor");
  });

  test(`what people see now and then, ${theme}`, async ({ newPage, server, mail, watch }) => {
    test.setTimeout(180_000);
    watch.allow(refused(403));
    const ada = await server.bootstrap({ email: "ada@example.com", project: "Customer relations" });
    const page = await newPage({ colorScheme, viewport });
    const bob = await newPage({ colorScheme, viewport });
    const take = camera(form);
    const shot = (name: string) => take(page, name);
    const project = `/projects/${ada.project_id}`;
    for (const guide of ["roles", "people"]) {
      await visit(page, `/docs/${guide}`);
      await shot(`docs-${guide}`);
    }
    await arrive(page, ada);

    // A provider, and the sign-in page that has it.
    await visit(page, "/instance/providers/new");
    await page.getByLabel("Kind").selectOption("github");
    await page.getByLabel("Name", { exact: true }).fill("GitHub");
    await page.getByLabel("Client ID").fill("Iv1.1234567890abcdef");
    await page.getByLabel("Client secret").fill("a-secret-of-the-tests");
    await page.getByLabel("On", { exact: true }).check();
    await page.getByRole("button", { name: "Save" }).click();
    await page.waitForURL(/\/instance\/providers\/idp_/);
    await expect(page.getByTestId("redirect-uri")).toBeVisible();
    await hydrated(page);
    await shot("instance-provider");
    await dialog(page, "Delete the provider", "Delete this provider?", () =>
      shot("instance-provider-delete"),
    );
    await bob.goto("/sign-in");
    await expect(bob.getByRole("button", { name: "Sign in with GitHub" })).toBeVisible();
    await take(bob, "sign-in-providers");

    // Two members: handing the project over, leaving it, and what ends it.
    await visit(page, `${project}/settings`);
    await expect(page.getByText("You are the last owner.")).toBeVisible();
    await shot("project-settings-alone");
    await visit(page, `${project}/members`);
    await page.getByRole("button", { name: "Invite" }).click();
    await page.getByRole("button", { name: "Create invitation" }).click();
    await bob.goto(await page.getByTestId("invitation-link").innerText());
    await join(bob);
    await visit(page, `${project}/settings`);
    await dialog(page, "Transfer ownership", "Transfer ownership", () => shot("project-transfer"));
    await dialog(page, "Delete the project", "Delete Customer relations?", () =>
      shot("project-delete"),
    );
    await visit(bob, `${project}/settings`);
    await dialog(bob, "Leave the project", "Leave the project?", () => take(bob, "project-leave"));
    await visit(bob, "/account");
    await dialog(bob, "Delete the account", "Delete your account?", () =>
      take(bob, "account-delete"),
    );

    // What an owner of the instance does about an account, and where its link leads.
    await visit(page, "/instance/accounts");
    const row = page.getByRole("listitem").filter({ hasText: BOB.email });
    await row.getByRole("button").click();
    await dialog(page, "Sign out everywhere", /out everywhere\?$/, () =>
      shot("instance-account-sign-out"),
    );
    await dialog(page, "Make an owner of the instance", /an owner of the instance\?$/, () =>
      shot("instance-account-owner"),
    );
    await page.getByRole("button", { name: "Create link" }).click();
    const link = await page.getByTestId("reset-link").innerText();
    await shot("instance-account-link");
    const away = await newPage({ colorScheme, viewport });
    await away.goto(link);
    await expect(away.getByRole("heading", { name: "Set a new password" })).toBeVisible();
    await take(away, "recover-reset");

    // Another address, which its link confirms.
    await visit(page, "/account");
    await page.getByLabel("New address").fill("ada@example.org");
    await page.getByLabel("New address").press("Enter");
    await page.goto(linkIn(await mail.next("ada@example.org"), server.url));
    await expect(page.getByRole("heading", { name: "Confirm your address" })).toBeVisible();
    await shot("confirm-email");

    // A project that asks for a second factor, to somebody who has none.
    await page.goto("/account/authenticator");
    await page.getByText("It cannot scan").click();
    const codes = await addApp(page, await page.locator(".fold-body .mono").innerText());
    await visit(page, `${project}/settings`);
    const required = page.getByRole("switch", { name: "Require a second factor" });
    await required.click();
    await expect(required).toBeChecked();
    await visit(page, `${project}/members`);
    await shot("members-second-factor");
    await visit(bob, `${project}/tools`);
    await expect(bob.getByText("second factor").first()).toBeVisible();
    await take(bob, "project-closed");

    // A passkey that somebody copied when it had been used less often.
    const authenticator = await VirtualAuthenticator.on(page);
    await visit(page, "/account/security");
    await addPasskey(page);
    await leave(page);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.waitForURL("**/projects");
    await leave(page);
    await authenticator.windBack(0);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "suspended" })).toBeVisible();
    await shot("sign-in-passkey-suspended");
    await signIn(page, ada);
    await page.getByLabel("Code").fill(codes[0]);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.waitForURL("**/projects");
    await visit(page, "/account/security");
    await expect(page.getByText("It signs nobody in any more.")).toBeVisible();
    await shot("account-security-suspended");
  });
}
