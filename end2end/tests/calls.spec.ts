// Calls: what the overview says of them, the list by what is asked for, one of them whole, and trying it again.

import { arrive, openTab, visit } from "./support/dashboard.ts";
import { caller, inUse } from "./support/in-use.ts";
import { expect, test } from "./support/test.ts";

test("a call that failed is found, looked into and tried again", async ({ page, server, tools }) => {
  const ada = await inUse(server, tools.origin);
  await arrive(page, ada);
  const project = `/projects/${ada.project_id}`;

  await test.step("the overview counts them and leads to those that failed", async () => {
    await visit(page, project);
    const activity = page.getByTestId("activity");
    await expect(activity.getByText("4 calls", { exact: true })).toBeVisible();
    await expect(activity.getByText("2 failed", { exact: true })).toBeVisible();
    await activity.getByRole("link", { name: "7 days" }).click();
    await page.waitForURL(/span=week/);
    await expect(activity.getByText("4 calls", { exact: true })).toBeVisible();
    await page.getByRole("link", { name: "Those that failed" }).click();
    await page.waitForURL(/calls\?status=failed&span=week/);
    await expect(page.getByRole("row")).toHaveCount(3);
  });

  await test.step("the list is filtered, and its address keeps how", async () => {
    await openTab(page, "Calls");
    await expect(page.getByRole("row")).toHaveCount(5);
    await page.keyboard.press("/");
    await page.keyboard.type("crm-contacts-create");
    await page.keyboard.press("Enter");
    await page.waitForURL(/tool=crm-contacts-create/);
    await expect(page.getByRole("row")).toHaveCount(3);
    await page.getByLabel("Outcome").selectOption("Invalid arguments");
    await page.getByRole("button", { name: "Filter" }).click();
    await page.waitForURL(/status=invalid_arguments/);
    await expect(page.getByRole("row")).toHaveCount(2);
    await page.reload();
    await expect(page.getByLabel("Tool", { exact: true })).toHaveValue("crm-contacts-create");
    await page.getByRole("link", { name: "Show all" }).click();
    await expect(page.getByRole("row")).toHaveCount(5);
    await page.getByLabel("Tool", { exact: true }).fill("no-such-tool");
    await page.getByRole("button", { name: "Filter" }).click();
    await expect(page.getByText("No tool of this project is called “no-such-tool”.")).toBeVisible();
  });

  await test.step("one of them says what was asked and answered", async () => {
    await visit(page, `${project}/calls?status=http_error`);
    await page.getByRole("row").nth(1).getByRole("link").first().click();
    await page.waitForURL(/\/calls\/call_/);
    await expect(page.getByRole("heading", { level: 1, name: "crm-contacts-get_by_id" })).toBeVisible();
    await expect(page.getByText("HTTP 404").first()).toBeVisible();
    await expect(page.getByLabel("the arguments", { exact: true })).toContainText('"id": "404"');
    await expect(page.getByLabel("the request", { exact: true })).toContainText(`GET ${tools.origin}/contacts/404`);
    await expect(page.getByRole("img", { name: /^Where the time went: check/ })).toBeVisible();
  });

  await test.step("and is filled in again, with another argument this time", async () => {
    await page.getByRole("link", { name: "Run it again" }).click();
    await expect(page.getByLabel("id")).toHaveValue("404");
    await page.getByLabel("id").fill("7");
    await page.getByRole("button", { name: "Call it" }).click();
    await expect(page.getByText("Ada Lovelace").first()).toBeVisible();
    await openTab(page, "Calls");
    await expect(page.getByRole("row")).toHaveCount(6);
    await expect(page.getByRole("row").nth(1)).toContainText("Playground");
  });
});

test("a call that comes in while somebody looks shows by itself", async ({ page, server, tools }) => {
  const ada = await inUse(server, tools.origin);
  await arrive(page, ada);
  await visit(page, `/projects/${ada.project_id}/calls`);
  await expect(page.getByRole("row")).toHaveCount(5);
  const call = await caller(server, ada);
  await call("crm-contacts-get_by_id", { id: "7" });
  await expect(page.getByRole("row")).toHaveCount(6);
});

test("what is kept of calls is the project's choice", async ({ page, server, tools }) => {
  const ada = await inUse(server, tools.origin);
  await arrive(page, ada);
  const project = `/projects/${ada.project_id}`;
  await visit(page, `${project}/settings`);
  await page.getByRole("radio", { name: /^Of none/ }).check();
  await page.getByRole("region", { name: "What is kept of calls" }).getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await visit(page, `${project}/calls`);
  await page.getByRole("row").nth(1).getByRole("link").first().click();
  await expect(page.getByText("was not kept")).toBeVisible();
});
