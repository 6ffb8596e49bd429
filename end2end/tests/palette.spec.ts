// Going anywhere by the keyboard, and how pages look: the command palette, the menus, light and dark.

import { arrive, newProject, visit } from "./support/dashboard.ts";
import { expect, test } from "./support/test.ts";

test("the palette goes to a page of the project by keys alone", async ({ page, server }) => {
  const ada = await server.bootstrap({ email: "ada@example.com", project: "CRM", tools: [] });
  await arrive(page, ada);
  const id = await newProject(page, "Billing");
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Go anywhere" });
  const field = palette.getByRole("combobox");
  await expect(field).toBeFocused();
  await expect(palette.getByRole("option", { name: /^Overview/ })).toBeVisible();
  await field.fill("integ");
  const first = palette.getByRole("option").first();
  await expect(first).toContainText("Integrations");
  await expect(first).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowDown");
  await expect(first).toHaveAttribute("aria-selected", "false");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/projects/${id}/integrations`);
});

test("keys open the search and the list of keys, but not while somebody types", async ({
  page,
  server,
}) => {
  const ada = await server.bootstrap({ email: "ada@example.com", project: "CRM", tools: [] });
  await arrive(page, ada);
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await expect(keys).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();
  await page.keyboard.press("/");
  const field = page.getByRole("dialog", { name: "Go anywhere" }).getByRole("combobox");
  await expect(field).toBeFocused();
  await page.keyboard.type("a?/");
  await expect(field).toHaveValue("a?/");
  await expect(keys).toBeHidden();
});

test("a menu goes by the arrow keys, and the theme stays", async ({ page, server }) => {
  const ada = await server.bootstrap({ email: "ada@example.com", project: "CRM", tools: [] });
  await arrive(page, ada);
  const button = page.getByRole("button", { name: ada.email });
  await button.focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("link", { name: "Your account" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(button).toBeFocused();
  await button.click();
  await page.getByRole("button", { name: "Dark", exact: true }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await visit(page, "/docs");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.locator("body")).toHaveCSS("background-color", "rgb(14, 20, 20)");
});
