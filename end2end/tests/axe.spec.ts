// Every page, and everything on it that a click opens, in both themes and on both widths: axe finds
// nothing, and nothing is wider than its screen.

import { AxeBuilder } from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";

import { totp } from "./support/authenticator.ts";
import { Connector } from "./support/connector.ts";
import { PASSWORD, arrive, saved, secretDialog, signIn } from "./support/dashboard.ts";
import { inUse } from "./support/in-use.ts";
import { OPEN_PAGES, ownersPages } from "./support/pages.ts";
import { FORMS } from "./support/picture.ts";
import { expect, test } from "./support/test.ts";
import { refused } from "./support/watch.ts";

/** Colours that are on their way from one theme to the other would be measured on the way. */
const STILL = { reducedMotion: "reduce" } as const;

/** All that a theme changes. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** How many pages and dialogs were looked at, and what was found. */
class Seen {
  looks = 0;
  /** What is not asked for here, by the rules' names. */
  readonly unasked: string[];
  /** What is wrong, and where. */
  readonly found = new Map<string, string[]>();
  /** Ids of menus and dialogs: each is looked at on one page. */
  readonly parts = new Set<string>();

  constructor(...unasked: string[]) {
    this.unasked = unasked;
  }

  add(what: string, where: string): void {
    this.found.set(what, [...(this.found.get(what) ?? []), where]);
  }
}

/** Looks at what is open, or at this part of it, in every form. */
async function look(page: Page, seen: Seen, name: string, part?: string): Promise<void> {
  for (const { name: form, colorScheme, viewport } of FORMS) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme, ...STILL });
    const builder = new AxeBuilder({ page }).setLegacyMode().disableRules(seen.unasked);
    if (part) builder.include(part);
    // The rest was looked at in the light.
    if (colorScheme === "dark") builder.withRules(COLOURS);
    const { violations } = await builder.analyze();
    for (const { id, help, nodes } of violations) {
      for (const { html, failureSummary } of nodes.slice(0, 3)) {
        seen.add(`${id}: ${help}\n    ${html}\n    ${failureSummary}`, `${name} (${form})`);
      }
    }
    const found = await widthOf(page);
    if (found > viewport.width) seen.add("wider than its screen", `${name}: ${found} of ${viewport.width} px`);
    seen.looks += 1;
  }
  await page.setViewportSize(FORMS[0].viewport);
}

/** Pixels. What lies over the page does not make it wider, and is measured by itself. */
function widthOf(page: Page): Promise<number> {
  return page.evaluate(() => {
    const over = [...document.querySelectorAll("dialog[open], [popover]:popover-open")];
    const rights = over.map((one) => Math.ceil(one.getBoundingClientRect().right));
    const inside = over.map((one) => Math.ceil(one.getBoundingClientRect().left) + one.scrollWidth);
    return Math.max(document.documentElement.scrollWidth, ...rights, ...inside);
  });
}

/** A page with all of its folds open, and then each of its menus and dialogs. */
async function lookAt(page: Page, seen: Seen, name: string): Promise<void> {
  await page.evaluate(() => {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
  });
  await look(page, seen, name);
  for (const [button, attribute] of [
    ["button[popovertarget]:visible", "popovertarget"],
    ["button[command='show-modal']:visible", "commandfor"],
  ]) {
    const buttons = page.locator(button);
    for (let i = 0; i < (await buttons.count()); i++) {
      const id = (await buttons.nth(i).getAttribute(attribute)) ?? "";
      if (seen.parts.has(id)) continue;
      seen.parts.add(id);
      await buttons.nth(i).click();
      await lookAtPart(page, seen, `${name} #${id}`, page.locator(`#${id}`));
    }
  }
}

/** A menu or a dialog that is open, which is closed again. */
async function lookAtPart(page: Page, seen: Seen, name: string, part: Locator): Promise<void> {
  await expect(part).toBeVisible();
  await unfold(part);
  await look(page, seen, name, `#${await part.getAttribute("id")}`);
  await part.evaluate((open: HTMLElement) => {
    if (open instanceof HTMLDialogElement) open.close();
    else open.hidePopover();
  });
}

async function unfold(part: Locator): Promise<void> {
  await part.evaluate((element) => {
    for (const fold of element.querySelectorAll("details")) fold.open = true;
  });
}

function report(seen: Seen): void {
  const found = [...seen.found].map(([what, where]) => `${what}\n  at ${where.join("\n     ")}`);
  console.log(`      axe: ${seen.looks} looks, ${found.length} findings\n${found.join("\n")}`);
  expect(found.length, "findings of axe, and pages wider than their screen").toBe(0);
}

test("axe: pages for whoever asks", async ({ newPage, server, tools, watch }) => {
  test.setTimeout(600_000);
  watch.allow(refused(400), refused(404), refused(422), refused(401), refused(403), refused(410));
  const seen = new Seen();
  const page = await newPage();

  await page.goto("/sign-up");
  await lookAt(page, seen, "the first sign-up");
  await page.getByLabel("Email").fill("ada@example.com");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.locator("#password-problem")).toBeVisible();
  await lookAt(page, seen, "a sign-up that failed");

  const ada = await inUse(server, tools.origin);
  for (const path of OPEN_PAGES) {
    await page.goto(path);
    await lookAt(page, seen, path);
  }
  await page.goto("/sign-in");
  await signIn(page, { ...ada, password: "not the password" });
  await expect(page.getByRole("alert")).toBeVisible();
  await lookAt(page, seen, "a sign-in that failed");

  const connector = await Connector.discover(ada);
  await page.goto(connector.authorizeUrl({ redirect_uri: "https://evil.example/cb" }));
  await lookAt(page, seen, "an authorization that is refused");
  await page.goto(connector.authorizeUrl());
  await lookAt(page, seen, "sign-in for a client");
  await signIn(page, ada);
  await expect(page.getByRole("button", { name: "Approve" })).toBeVisible();
  await lookAt(page, seen, "consent");
  report(seen);
});

test.describe(() => {
  // Elsewhere there is no such page.
  test.use({ settings: { TENGINE_DEV: "1" } });

  test("axe: every piece in each of its states", async ({ newPage }) => {
    test.setTimeout(240_000);
    // Each is there in both themes.
    const seen = new Seen("landmark-unique");
    const page = await newPage();
    await page.goto("/dev/pieces");
    await expect(page.getByRole("heading", { name: "Pieces" })).toBeVisible();
    await lookAt(page, seen, "/dev/pieces");
    report(seen);
  });
});

test("axe: pages of an owner", async ({ newPage, server, tools, watch }) => {
  test.setTimeout(600_000);
  watch.allow(refused(404));
  const seen = new Seen();
  const page = await newPage();
  const ada = await inUse(server, tools.origin);
  await arrive(page, ada);
  for (const path of await ownersPages(server, ada, tools.origin)) {
    await page.goto(path);
    await lookAt(page, seen, path);
  }
  report(seen);
});

test("axe: what forms bring, and what is empty", async ({ newPage, server, tools, watch }) => {
  test.setTimeout(300_000);
  watch.allow(refused(422), refused(403), refused(409));
  const seen = new Seen();
  const page = await newPage();
  const ada = await inUse(server, tools.origin);
  const project = `/projects/${ada.project_id}`;
  await arrive(page, ada);

  await page.goto(`${project}/tools/new`);
  await page.getByRole("button", { name: "Register tool" }).click();
  await expect(page.locator("[aria-invalid='true']").first()).toBeVisible();
  await lookAt(page, seen, "a tool with problems");

  await page.goto(`${project}/tools`);
  await page.getByRole("link", { name: "crm-contacts-get_by_id" }).click();
  await page.getByRole("link", { name: "Try it" }).click();
  await page.getByLabel("id").fill("7");
  await page.getByRole("button", { name: "Call it" }).click();
  await expect(page.getByText("Ada Lovelace").first()).toBeVisible();
  await lookAt(page, seen, "a tool's answer");

  await page.goto(`${project}/integrations`);
  await page.getByRole("button", { name: "New integration" }).click();
  await page.getByLabel("Integration name").fill("Claude on my phone");
  await page.getByRole("button", { name: "Create integration" }).click();
  const secret = secretDialog(page, "Your integration is ready");
  await expect(secret).toBeVisible();
  await look(page, seen, "a secret that is shown once", "dialog[open]");
  await saved(secret);

  await page.goto(`${project}/members`);
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByRole("button", { name: "Create invitation" }).click();
  const link = await page.getByTestId("invitation-link").innerText();
  await look(page, seen, "an invitation's link", "dialog[open]");
  const bob = await newPage();
  await bob.goto(link);
  await lookAt(bob, seen, "an invitation");
  await bob.getByRole("link", { name: "Create an account" }).click();
  await lookAt(bob, seen, "an account by invitation");
  await bob.getByLabel("Email").fill("bob@example.com");
  await bob.getByLabel("Password").fill(PASSWORD);
  await bob.getByRole("button", { name: "Create account" }).click();
  await bob.waitForURL("**/projects");
  await page.goto(`${project}/members`);
  await lookAt(page, seen, "two members");

  await page.goto(`${project}/api-keys`);
  await page.getByRole("button", { name: "New API key" }).click();
  await page.getByLabel("Name").fill("Nightly import");
  await page.getByRole("button", { name: "Create API key" }).click();
  await expect(page.getByTestId("api-key")).toBeVisible();
  await look(page, seen, "an API key that is shown once", "dialog[open]");
  await page.getByRole("button", { name: "I have saved it" }).click();

  await bob.goto("/projects");
  await bob.getByRole("button", { name: "New project" }).click();
  await bob.getByLabel("Project name").fill("Empty");
  await bob.getByRole("button", { name: "Create project" }).click();
  await bob.waitForURL(/\/projects\/prj_[^/]+$/);
  const empty = new URL(bob.url()).pathname;
  for (const tab of ["", "/tools", "/integrations", "/calls", "/vault", "/api-keys"]) {
    await bob.goto(`${empty}${tab}`);
    await lookAt(bob, seen, `an empty project${tab}`);
  }

  await page.goto("/account/authenticator");
  await page.getByText("It cannot scan").click();
  const key = await page.locator(".fold-body .mono").innerText();
  await page.getByLabel("Code").fill(totp(key));
  await page.getByRole("button", { name: "Add it" }).click();
  await expect(page.getByRole("heading", { name: "Your recovery codes" })).toBeVisible();
  await lookAt(page, seen, "recovery codes");
  const away = await newPage();
  await away.goto("/sign-in");
  await signIn(away, ada);
  await expect(away.getByRole("heading", { name: "Second factor" })).toBeVisible();
  await lookAt(away, seen, "second factor");
  report(seen);
});
