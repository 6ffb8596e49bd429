// What happens elsewhere shows by itself, and so does it when the server goes away and comes back.

import type { Page } from "@playwright/test";

import { Connector } from "./support/connector.ts";
import { connect } from "./support/consent.ts";
import { arrive, toolSwitch, visit } from "./support/dashboard.ts";
import { caller, inUse, toolsByName } from "./support/in-use.ts";
import { Mcp } from "./support/mcp.ts";
import { expect, test } from "./support/test.ts";
import { getContact } from "./support/tools.ts";

// It is asked over and over.
test.use({ settings: { TENGINE_LIMITS: "off" } });

const TOOL = "crm-contacts-get_by_id";

test("what is done in one browser shows in another", async ({ newPage, server, tools }) => {
  const ada = await inUse(server, tools.origin);
  const [one, other] = [await newPage(), await newPage()];
  const list = `/projects/${ada.project_id}/tools`;
  for (const page of [one, other]) {
    await arrive(page, ada);
    await visit(page, list);
  }
  for (const isOn of [false, true]) {
    await toolSwitch(one, TOOL).click();
    await expect(toolSwitch(other, TOOL)).toBeChecked({ checked: isOn });
  }
  // What somebody types meanwhile is left alone, while the rest of their page changes.
  const search = other.getByRole("searchbox", { name: "Search the tools" });
  await search.fill("half-typed");
  await toolSwitch(one, TOOL).click();
  await expect(toolSwitch(other, TOOL)).not.toBeChecked();
  await expect(search).toHaveValue("half-typed");
});

test("a call shows where calls are shown, and ticks the overview", async ({ newPage, server, tools }) => {
  const ada = await server.bootstrap({
    email: "ada@example.com",
    project: "CRM",
    tools: [getContact(tools.origin)],
  });
  const project = `/projects/${ada.project_id}`;
  const [overview, calls, client] = [await newPage(), await newPage(), await newPage()];
  for (const page of [overview, calls, client]) await arrive(page, ada);
  await visit(overview, project);
  await visit(calls, `${project}/calls`);
  const step = overview.getByRole("listitem").filter({ hasText: "Call a tool" });
  await expect(step).not.toContainText("(done)");
  await expect(calls.getByRole("heading", { name: "No calls yet" })).toBeVisible();

  // What a program calls over REST is a call, and no client of the integration.
  const call = await caller(server, ada);
  await call(TOOL, { id: "7" });
  const rows = calls.getByRole("row").filter({ hasText: TOOL });
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText("OK");
  await expect(overview.getByTestId("activity")).toBeVisible();
  await expect(step).not.toContainText("(done)");
  const { access_token } = await connect(client, await Connector.discover(ada));
  await new Mcp(ada.server_url, access_token).call(TOOL, { id: "7" });
  await expect(rows).toHaveCount(2);
  // It was the last step: the list of them is folded away.
  await expect(overview.getByRole("heading", { name: "Claude calls your tools" })).toBeVisible();
  await overview.getByText("all five steps are done").click();
  await expect(step).toContainText("(done)");
  await call(TOOL, { id: "404" }).catch(() => {});
  await expect(rows).toHaveCount(3);
});

test("the server goes away and comes back, and the page with it", async ({ newPage, server, tools, watch }) => {
  test.setTimeout(120_000);
  watch.allow(/^console error: Failed to load resource/, /^request failed: GET /, /net::ERR_/);
  const ada = await inUse(server, tools.origin);
  const page = await newPage();
  await arrive(page, ada);
  await visit(page, `/projects/${ada.project_id}/tools`);
  const away = page.locator("#away");
  await expect(away).toBeHidden();

  await server.halt();
  await expect(away).toBeVisible({ timeout: 20_000 });
  // What is sent now is not lost without a word, and the switch shows what is so.
  await toolSwitch(page, TOOL).click();
  await expect(page.locator("#toasts")).toContainText("cannot be reached");
  await expect(toolSwitch(page, TOOL)).toBeChecked();

  await server.resume();
  // Changed before the page has heard that the server is there again.
  await setEnabled(server, ada, false);
  await expect(away).toBeHidden({ timeout: 30_000 });
  await expect(toolSwitch(page, TOOL)).not.toBeChecked();
  // It listens again.
  await setEnabled(server, ada, true);
  await expect(toolSwitch(page, TOOL)).toBeChecked();
});

for (const [who, path] of [
  ["to somebody who is not signed in", "/docs"],
  ["on a page that hears nothing", "/account"],
] as const) {
  test(`that the server is away is said ${who}`, async ({ newPage, server, tools, watch }) => {
    test.setTimeout(120_000);
    watch.allow(/^console error: Failed to load resource/, /^request failed: GET /, /net::ERR_/);
    const ada = await inUse(server, tools.origin);
    const page = await newPage();
    if (path === "/account") await arrive(page, ada);
    await visit(page, path);
    const away = page.locator("#away");
    await server.halt();
    // Whatever asks for something finds it out.
    await page.keyboard.press("Control+k");
    await expect(away).toBeVisible();
    await server.resume();
    await expect(away).toBeHidden();
  });
}

test("a switch shows at once, and is on the server soon after", async ({ newPage, server, tools }, info) => {
  const ada = await inUse(server, tools.origin);
  const page = await newPage();
  await arrive(page, ada);
  await visit(page, `/projects/${ada.project_id}/tools`);
  const id = (await toolsByName(server, ada)).get(TOOL).id;
  const shown: number[] = [];
  const known: number[] = [];
  for (const isOn of [false, true, false, true, false, true]) {
    const seen = whenShown(page, `Enable ${TOOL}`);
    // Asked over and over from before the click.
    const said = whenSaid(server, ada, id, isOn);
    await toolSwitch(page, TOOL).click();
    const { clicked, changed } = await seen;
    shown.push(changed - clicked);
    known.push((await said) - clicked);
    await expect(toolSwitch(page, TOOL)).toBeChecked({ checked: isOn });
    await page.waitForTimeout(300);
  }
  const ms = (all: number[]) => all.map((one) => one.toFixed(0)).join(", ");
  const said = `a switch shows after ${ms(shown)} ms, and is on the server after ${ms(known)} ms`;
  console.log(`\n      ${said}`);
  info.annotations.push({ type: "switch", description: said });
});

/** When the switch was clicked and when it looked otherwise, in milliseconds of the clock. */
function whenShown(page: Page, label: string): Promise<{ clicked: number; changed: number }> {
  return page.evaluate(
    (label) =>
      new Promise<{ clicked: number; changed: number }>((resolve) => {
        const now = () => performance.timeOrigin + performance.now();
        let clicked = 0;
        document.addEventListener("click", () => (clicked = now()), { capture: true, once: true });
        const of = (one: Node) => one instanceof Element && one.getAttribute("aria-label") === label;
        const observer = new MutationObserver((changes) => {
          if (!changes.some(({ target }) => of(target))) return;
          observer.disconnect();
          resolve({ clicked, changed: now() });
        });
        observer.observe(document, { attributes: true, attributeFilter: ["aria-checked"], subtree: true });
      }),
    label,
  );
}

/** When REST says so for the first time. */
async function whenSaid(
  server: Parameters<typeof caller>[0],
  ada: Parameters<typeof caller>[1],
  id: string,
  isOn: boolean,
): Promise<number> {
  const path = `/projects/${ada.project_id}/tools/${id}`;
  for (const until = Date.now() + 10_000; Date.now() < until; ) {
    const { is_enabled } = await server.api(ada.api_key, "GET", path);
    if (is_enabled === isOn) return Date.now();
  }
  throw new Error("the server was never told");
}

async function setEnabled(
  server: Parameters<typeof caller>[0],
  ada: Parameters<typeof caller>[1],
  is_enabled: boolean,
): Promise<void> {
  const id = (await toolsByName(server, ada)).get(TOOL).id;
  await server.api(ada.api_key, "PATCH", `/projects/${ada.project_id}/tools/${id}`, { is_enabled });
}
