// Pictures of the pages on which people sign in, get back in, join, and look after their account.

import { totp, VirtualAuthenticator } from "./support/authenticator.ts";
import { arrive, hydrated, PASSWORD, signIn, visit } from "./support/dashboard.ts";
import { NARROW, picture, WIDE } from "./support/picture.ts";
import { expect, test } from "./support/test.ts";
import { getContact } from "./support/tools.ts";
import { refused } from "./support/watch.ts";

test.use({ sendsMail: true });

for (const [theme, colorScheme, viewport] of [
  ["light", "light", WIDE],
  ["dark", "dark", WIDE],
  ["narrow", "light", NARROW],
] as const) {
  test(`pages of people, ${theme}`, async ({ newPage, server, tools, watch }) => {
    test.setTimeout(180_000);
    watch.allow(refused(422), refused(404), refused(401), refused(403));
    const ada = await server.bootstrap({
      email: "ada@example.com",
      project: "Customer relations",
      tools: [getContact(tools.origin)],
    });
    const page = await newPage({ colorScheme, viewport });
    const shot = async (name: string) => {
      await picture(page, `${theme}-${name}`);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect.soft(width, `${name} is wider than the screen`).toBeLessThanOrEqual(viewport.width);
    };
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
    await page.getByRole("button", { name: "Make the invitation" }).click();
    const link = await page.getByTestId("invitation-link").innerText();
    await shot("invite-made");
    await page.getByRole("button", { name: "Done" }).click();
    const bob = await newPage({ colorScheme, viewport });
    await bob.goto(link);
    await picture(bob, `${theme}-invitation`);
    await bob.getByRole("link", { name: "Create an account" }).click();
    await bob.getByLabel("Email").fill("bob@example.com");
    await bob.getByLabel("Password").fill(PASSWORD);
    await bob.getByRole("button", { name: "Create account" }).click();
    await bob.waitForURL("**/projects");
    await visit(page, members);
    await shot("members-two");
    await page.getByRole("button", { name: "Remove bob@example.com" }).click();
    await expect(page.getByText("They can no longer open the project.")).toBeVisible();
    await shot("member-remove");

    await visit(page, `/projects/${ada.project_id}/api-keys`);
    await page.getByRole("button", { name: "New API key" }).click();
    await shot("api-key-new");
    await page.getByLabel("Name").fill("Nightly import");
    await page.getByRole("button", { name: "Make the key" }).click();
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
    await page.getByLabel("Code").fill(totp(secret));
    await page.getByRole("button", { name: "Add it" }).click();
    await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeVisible();
    await shot("recovery-codes");
    await page.getByRole("link", { name: "I have saved them" }).click();
    await hydrated(page);
    await page.getByLabel("Name of the new passkey").fill("Laptop");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await expect(page.getByText("Laptop", { exact: true })).toBeVisible();
    await hydrated(page);
    await shot("account-security-in-use");
    await visit(page, "/instance/accounts");
    await page.getByRole("listitem").filter({ hasText: "bob@example.com" }).getByRole("button").click();
    await shot("instance-account");
    await visit(page, "/projects");
    await page.getByRole("button", { name: "Sign out", exact: true }).first().click();
    await page.waitForURL("**/sign-in");
    await shot("sign-in-plain");
    await signIn(page, ada);
    await expect(page.getByRole("heading", { name: "Second step" })).toBeVisible();
    await shot("second-step");
  });
}
