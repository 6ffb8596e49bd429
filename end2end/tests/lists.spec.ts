// Lists that are longer than a page: searched, sorted, turned over, and switched as a whole, with all of it
// in the address.

import { arrive, toolSwitch, visit } from "./support/dashboard.ts";
import { expect, test } from "./support/test.ts";
import { getContact } from "./support/tools.ts";

const TOOLS = 60;
const INTEGRATIONS = 12;

test("sixty tools are searched, sorted, turned over and switched together", async ({
  page,
  server,
  tools,
}) => {
  const named = (number: number) => `crm-${String(number).padStart(2, "0")}`;
  const ada = await server.bootstrap({
    email: "ada@example.com",
    project: "CRM",
    tools: [
      { ...getContact(tools.origin), name: "mail-send", title: "Ärzte anschreiben" },
      ...Array.from({ length: TOOLS }, (_, number) => ({
        ...getContact(tools.origin),
        name: named(number),
      })),
    ],
  });
  await arrive(page, ada);
  const list = `/projects/${ada.project_id}/tools`;
  const search = page.getByRole("search");
  const pages = page.getByRole("navigation", { name: "Pages" });
  await visit(page, list);
  await expect(pages).toContainText("1 to 50 of 61");
  await pages.getByRole("link", { name: "Next" }).click();
  await expect(pages).toContainText("51 to 61 of 61");
  await expect(toolSwitch(page, "mail-send")).toBeVisible();

  await page.getByLabel("Search the tools").fill("ÄRZTE");
  await page.getByLabel("Search the tools").press("Enter");
  await expect(toolSwitch(page, "mail-send")).toBeVisible();
  await expect(toolSwitch(page, named(0))).toHaveCount(0);
  await expect(pages).toHaveCount(0);
  await page.getByLabel("Search the tools").fill("%");
  await search.getByRole("button", { name: "Search" }).click();
  await page.getByRole("link", { name: "Show all" }).click();

  // What was changed last comes first, and says when.
  await toolSwitch(page, named(7)).click();
  await expect(toolSwitch(page, named(7))).not.toBeChecked();
  await search.getByLabel("Order").selectOption("Last changed first");
  await search.getByRole("button", { name: "Search" }).click();
  await page.waitForURL(/sort=changed/);
  const first = page.locator(".rows > li").first();
  await expect(first).toContainText(named(7));
  await expect(first.locator("time")).toBeVisible();

  // All that a search finds, on whatever page it is, and nothing else.
  await search.getByLabel("Order").selectOption("By name");
  await page.getByLabel("Search the tools").fill("crm-");
  await search.getByRole("button", { name: "Search" }).click();
  await page.waitForURL(/text=crm-/);
  await page.getByRole("button", { name: `Disable all ${TOOLS} found` }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText(`${TOOLS - 1} of them are enabled`);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(toolSwitch(page, named(8))).toBeChecked();
  await page.getByRole("button", { name: `Disable all ${TOOLS} found` }).click();
  await dialog.getByRole("button", { name: "Disable them" }).click();
  await expect(toolSwitch(page, named(8))).not.toBeChecked();
  await visit(page, `${list}?state=enabled`);
  await expect(page.locator(".rows > li")).toHaveCount(1);
  await expect(toolSwitch(page, "mail-send")).toBeChecked();
  await visit(page, `${list}?text=crm&page=2`);
  await expect(toolSwitch(page, named(59))).not.toBeChecked();
  await page.getByRole("button", { name: `Enable all ${TOOLS} found` }).click();
  await expect(toolSwitch(page, named(59))).toBeChecked();
  await expect(page).toHaveURL(/page=2/);
});

test("integrations are searched and sorted by their use", async ({ page, server }) => {
  const ada = await server.bootstrap({ email: "ada@example.com", project: "CRM" });
  const project = `/projects/${ada.project_id}`;
  for (let number = 1; number < INTEGRATIONS; number++) {
    const made = await server.api(ada.api_key, "POST", `${project}/integrations`, {
      name: `Team ${number}`,
    });
    if (number === 3) {
      await server.api(ada.api_key, "PATCH", `${project}/integrations/${made.id}`, {
        is_active: false,
      });
    }
  }
  await arrive(page, ada);
  await visit(page, `${project}/integrations`);
  const rows = page.locator(".rows > li");
  await expect(rows).toHaveCount(INTEGRATIONS);
  await expect(rows.first()).toContainText(`Team ${INTEGRATIONS - 1}`);
  await expect(rows.first()).toContainText("0 connections · never used");
  const search = page.getByRole("search");
  await search.getByLabel("Which ones").selectOption("Inactive");
  await search.getByRole("button", { name: "Search" }).click();
  await page.waitForURL(/state=inactive/);
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText("Team 3");
  await search.getByLabel("Which ones").selectOption("All");
  await page.getByLabel("Search the integrations").fill("team 1");
  await search.getByLabel("Order").selectOption("By name");
  await search.getByRole("button", { name: "Search" }).click();
  await page.waitForURL(/sort=name/);
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toContainText("Team 1");
});
