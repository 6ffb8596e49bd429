// The list of tools: what it finds, switching several at once, and what the lint says beside each.

import type { Page } from "@playwright/test";

import { arrive, toolSwitch, visit } from "./support/dashboard.ts";
import { expect, test } from "./support/test.ts";
import { createContact, getContact } from "./support/tools.ts";
import { refused } from "./support/watch.ts";

test("tools are found, ticked and switched together", async ({
  page,
  server,
  tools,
  watch,
}) => {
  watch.allow(refused(422, /set_tools_enabled/));
  const both = [getContact(tools.origin), createContact(tools.origin)];
  const ada = await server.bootstrap({
    email: "ada@example.com",
    project: "CRM",
    integration: "Claude Desktop",
    tools: both,
  });
  await arrive(page, ada);
  const list = `/projects/${ada.project_id}/tools`;
  await visit(page, list);
  const [get, create] = both.map((tool) => tool.name);
  // What takes longer comes after the page, beside each.
  await expect(page.getByText(/^Together about \d+ tokens/)).toBeVisible();
  await expect(page.getByText(/^≈ \d+ tokens$/)).toHaveCount(2);

  await page.getByLabel("Search the tools").fill(create);
  await page.getByRole("search").getByRole("button", { name: "Search" }).click();
  await page.waitForURL(/text=/);
  await expect(toolSwitch(page, create)).toBeVisible();
  await expect(toolSwitch(page, get)).toHaveCount(0);

  await visit(page, list);
  await page.getByRole("button", { name: "Disable the ticked" }).click();
  await expect(page.getByText("Tick the tools first.")).toBeVisible();
  await page.getByRole("button", { name: "Tick all" }).click();
  await page.getByRole("button", { name: "Disable the ticked" }).click();
  await off(page, get);
  await off(page, create);
  await expect(page.getByRole("checkbox", { name: `Tick ${get}` })).not.toBeChecked();
  await page.getByRole("checkbox", { name: `Tick ${get}` }).check();
  await page.getByRole("button", { name: "Enable the ticked" }).click();
  await expect(toolSwitch(page, get)).toHaveAttribute("aria-checked", "true");
  await off(page, create);
});

async function off(page: Page, tool: string): Promise<void> {
  await expect(toolSwitch(page, tool)).toHaveAttribute("aria-checked", "false");
}
