// Ways of signing in: passkeys, an authenticator app, a provider; sessions, and proving again.

import type { Page } from "@playwright/test";

import { totp, VirtualAuthenticator } from "./support/authenticator.ts";
import { arrive, hydrated, PASSWORD, signIn, signOut, signUp, visit } from "./support/dashboard.ts";
import { OpenIdProvider } from "./support/openid.ts";
import { expect, test } from "./support/test.ts";
import { refused } from "./support/watch.ts";

const ADA = { email: "ada@example.com", password: PASSWORD };

/** The codes on the page that shows them once. */
async function recoveryCodes(page: Page): Promise<string[]> {
  await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeVisible();
  return page.locator(".recovery-codes li").allInnerTexts();
}

/** Adds an authenticator app; its secret, and the recovery codes if there were none. */
async function addApp(page: Page): Promise<{ secret: string; codes: string[] }> {
  await visit(page, "/account/security");
  await page.getByRole("link", { name: "Add an authenticator app" }).click();
  await expect(page.getByRole("img", { name: "The secret as a QR code" })).toBeVisible();
  await page.getByText("It cannot scan").click();
  const secret = await page.locator(".fold-body .mono").innerText();
  await page.getByLabel("Code").fill(totp(secret));
  await page.getByRole("button", { name: "Add it" }).click();
  return { secret, codes: await recoveryCodes(page) };
}

test("a passkey is made, signs in by itself, and is the second factor after a password", async ({
  page,
  watch,
}) => {
  watch.allow(refused(403));
  await signUp(page, ADA.email);
  const authenticator = await VirtualAuthenticator.on(page);
  await visit(page, "/account/security");
  await page.getByLabel("Name of the new passkey").fill("Laptop");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  const codes = await recoveryCodes(page);
  expect(codes).toHaveLength(10);
  await page.getByRole("link", { name: "I have saved them" }).click();
  await hydrated(page);
  await expect(page.getByText("Laptop", { exact: true })).toBeVisible();
  expect(await authenticator.credentials()).toHaveLength(1);

  await signOut(page);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.waitForURL("**/projects");
  await hydrated(page);

  await signOut(page);
  await signIn(page, ADA);
  await expect(page.getByRole("heading", { name: "Second factor" })).toBeVisible();
  await page.goto("/projects");
  await page.waitForURL("**/sign-in?next=*");
  await page.goto("/sign-in/second-step");
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.waitForURL("**/projects");

  // Somebody has a copy of it, from when it had been used less often.
  await hydrated(page);
  await signOut(page);
  await authenticator.windBack(0);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "This passkey is suspended" })).toBeVisible();
  await signIn(page, ADA);
  await page.getByLabel("Recovery code").fill(codes[0]);
  await page.getByRole("button", { name: "Go on" }).click();
  await page.waitForURL("**/projects");
  await visit(page, "/account/security");
  await expect(page.getByText("suspended: it may have been copied", { exact: true })).toBeVisible();
});

test("an authenticator app asks for six digits, once each, and a recovery code stands in", async ({
  page,
  watch,
}) => {
  watch.allow(refused(422));
  await signUp(page, ADA.email);
  const { secret, codes } = await addApp(page);
  await page.getByRole("link", { name: "I have saved them" }).click();
  await hydrated(page);
  await expect(page.getByText("10 recovery codes are left.")).toBeVisible();
  await signOut(page);

  await signIn(page, ADA);
  // The code that set it up is used.
  await page.getByLabel("Code").fill(totp(secret));
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  // The next one is accepted a little early.
  await page.getByLabel("Code").fill(totp(secret, 1));
  await page.getByRole("button", { name: "Go on" }).click();
  await page.waitForURL("**/projects");
  await hydrated(page);
  await signOut(page);

  await signIn(page, ADA);
  await page.getByLabel("Code").fill(codes[0].toLowerCase());
  await page.getByRole("button", { name: "Go on" }).click();
  await page.waitForURL("**/projects");
  await visit(page, "/account/security");
  await expect(page.getByText("9 recovery codes are left.")).toBeVisible();
  await page
    .locator("section", { has: page.getByRole("heading", { name: "Authenticator app" }) })
    .getByRole("button", { name: "Remove" })
    .first()
    .click();
  await page.getByRole("button", { name: "Remove it" }).click();
  await expect(page.getByRole("link", { name: "Add an authenticator app" })).toBeVisible();
});

test("a provider makes an account, and an account with the same address is linked by its person only", async ({
  newPage,
  server,
  watch,
}) => {
  watch.allow(/fonts\.googleapis\.com/, /someone else: http:\/\/127\.0\.0\.1/, /someone else: http:\/\/localhost/, /127\.0\.0\.1:\d+\/favicon/);
  const owner = await newPage();
  await signUp(owner, ADA.email);
  // The redirect URI is known once the provider is saved, and the provider is asked when it is.
  const accounts = {
    bob: { email: "bob@example.com", email_verified: true },
    ada: { email: ADA.email, email_verified: true },
    eve: { email: ADA.email, email_verified: false },
  };
  const first = await OpenIdProvider.start(["http://localhost/none"], accounts);
  await visit(owner, "/instance/providers/new");
  await owner.getByLabel("Name", { exact: true }).fill("Acme");
  await owner.getByLabel("Issuer").fill(first.issuer);
  await owner.getByLabel("Client ID").fill(first.clientId);
  await owner.getByLabel("Client secret").fill(first.clientSecret);
  await owner.getByLabel("Creates accounts").check();
  // A new one is off until somebody switches it on.
  await owner.getByLabel("On", { exact: true }).check();
  await owner.getByRole("button", { name: "Save" }).click();
  await owner.waitForURL(/\/instance\/providers\/idp_/);
  const redirect = await owner.getByTestId("redirect-uri").innerText();
  const port = new URL(first.issuer).port;
  await first.stop();
  const provider = await OpenIdProvider.start([redirect], accounts, port);

  const bob = await newPage();
  await bob.goto("/sign-in");
  await bob.getByRole("button", { name: "Sign in with Acme" }).click();
  await provider.signIn(bob, "bob");
  await bob.waitForURL(`${server.url}/projects`);
  await hydrated(bob);
  await expect(bob.getByText("bob@example.com")).toBeVisible();

  // An address that nobody confirmed is worth nothing.
  const eve = await newPage();
  watch.allow(refused(403));
  await eve.goto("/sign-in");
  await eve.getByRole("button", { name: "Sign in with Acme" }).click();
  await provider.signIn(eve, "eve");
  await expect(eve.getByRole("alert")).toContainText("did not confirm an email address");
  await eve.goto("/projects");
  await eve.waitForURL("**/sign-in?next=*");

  const ada = await newPage();
  await ada.goto("/sign-in");
  await ada.getByRole("button", { name: "Sign in with Acme" }).click();
  await provider.signIn(ada, "ada");
  await expect(ada.getByRole("alert")).toContainText("There is an account with ada@example.com");
  await ada.getByLabel("Password").fill(PASSWORD);
  await ada.getByRole("button", { name: "Sign in", exact: true }).click();
  await ada.waitForURL("**/projects");
  await visit(ada, "/account/security");
  await expect(ada.getByRole("button", { name: "Unlink" })).toBeVisible();
  await signOut(ada);
  await ada.getByRole("button", { name: "Sign in with Acme" }).click();
  await ada.waitForURL("**/projects");
  await provider.stop();
});

test.describe("a proof that is soon old", () => {
test.use({ settings: { TENGINE_PROOF_MAX: "2" } });

test("a sensitive act asks once more who it is, in a tab of its own", async ({ newPage, server, watch }) => {
  watch.allow(refused(403));
  const ada = await server.bootstrap({ email: ADA.email, project: "CRM", tools: [] });
  const page = await newPage();
  await arrive(page, ada);
  await page.waitForTimeout(2_100);
  await visit(page, `/projects/${ada.project_id}/settings`);
  await page.getByRole("button", { name: "Delete the project" }).click();
  await page.getByLabel("Type the project's name").fill("CRM");
  await page.getByRole("button", { name: "Delete it for good" }).click();
  const other = page.context().waitForEvent("page");
  await page.getByRole("link", { name: "Confirm that it is you" }).click();
  const tab = await other;
  await tab.getByLabel("Your password").fill(PASSWORD);
  await tab.getByRole("button", { name: "Confirm" }).click();
  await expect(tab.getByRole("heading", { name: "It is you" })).toBeVisible();
  await expect(page.getByLabel("Type the project's name")).toHaveValue("CRM");
  await page.getByRole("button", { name: "Delete it for good" }).click();
  await page.waitForURL("**/projects");
});
});

test("a person sees where they are signed in, and signs out there", async ({ newPage }) => {
  const here = await newPage();
  await signUp(here, ADA.email);
  const there = await newPage({ userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.6 Safari/604.1" });
  await arrive(there, ADA);
  await visit(here, "/account/sessions");
  await expect(here.getByText("Safari on iPhone")).toBeVisible();
  await here.getByRole("button", { name: "Sign out Safari on iPhone" }).click();
  await expect(here.getByText("Safari on iPhone")).toBeHidden();
  await there.goto("/projects");
  await there.waitForURL("**/sign-in?next=*");
});
