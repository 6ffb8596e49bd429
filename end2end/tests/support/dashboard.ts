// What a person does in the dashboard, by the labels and roles that they see.

import type { Locator, Page } from "@playwright/test";
import { expect } from "@playwright/test";

import type { Keys } from "./connector.ts";

export const PASSWORD = "correct horse battery staple";

/** Opens a page of the dashboard and waits until it answers to clicks. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await hydrated(page);
}

export async function hydrated(page: Page): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "true");
}

export async function signUp(page: Page, email: string): Promise<void> {
  await page.goto("/sign-up");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL("**/projects");
  await hydrated(page);
}

/** Fills in the sign-in page that is open. */
export async function signIn(
  page: Page,
  person: { email: string; password: string },
): Promise<void> {
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Signs in by the sign-in page, to the list of projects. */
export async function arrive(
  page: Page,
  person: { email: string; password: string },
): Promise<void> {
  await page.goto("/sign-in");
  await signIn(page, person);
  await page.waitForURL("**/projects");
  await hydrated(page);
}

/** Signs out by the menu that every page of the dashboard has. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Your menu/ }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.waitForURL("**/sign-in");
}

/** Makes a project and answers with its id. */
export async function newProject(page: Page, name: string): Promise<string> {
  await page.getByRole("button", { name: "New project" }).click();
  const dialog = page.getByRole("dialog", { name: "New project" });
  await dialog.getByLabel("Project name").fill(name);
  await dialog.getByRole("button", { name: "Create project" }).click();
  await page.waitForURL(/\/projects\/[^/]+$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  return new URL(page.url()).pathname.split("/")[2];
}

export async function openTab(page: Page, name: string): Promise<void> {
  await page
    .getByRole("navigation", { name: "Project" })
    .getByRole("link", { name, exact: true })
    .click();
}

export type ToolWish = {
  name: string;
  description: string;
  baseUrl: string;
  method: string;
  path: string;
  schema: string;
};

/** Fills in the form of a tool, and does not send it. */
export async function fillTool(page: Page, tool: ToolWish): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(tool.name);
  await page.getByLabel("Description", { exact: true }).fill(tool.description);
  await page.getByLabel("Base URL").fill(tool.baseUrl);
  await page.getByLabel("Method").selectOption(tool.method);
  await page.getByLabel("Path").fill(tool.path);
  await page.getByLabel("Input schema").fill(tool.schema);
}

/** Registers a tool, beginning and ending at the list. */
export async function registerTool(page: Page, tool: ToolWish): Promise<void> {
  await page.getByRole("button", { name: "Register tool" }).click();
  await expect(page.getByRole("heading", { name: "Register a tool" })).toBeVisible();
  await fillTool(page, tool);
  await page.getByRole("button", { name: "Register tool" }).click();
  await page.waitForURL(/\/tools$/);
  await expect(toolSwitch(page, tool.name)).toBeVisible();
}

export function toolSwitch(page: Page, tool: string): Locator {
  return page.getByRole("switch", { name: `Enable ${tool}`, exact: true });
}

/** Flips a tool's switch and waits until the server knows. */
export async function flip(page: Page, tool: string): Promise<void> {
  const saved = page.waitForResponse((response) => response.url().includes("set_tool_enabled"));
  await toolSwitch(page, tool).click();
  // It leads back to the list.
  expect((await saved).status()).toBe(204);
}

/** The dialog that shows a secret once. */
export function secretDialog(page: Page, title: string): Locator {
  return page.getByRole("dialog", { name: title });
}

/** What is to be copied out of it. */
export async function shownKeys(dialog: Locator): Promise<Keys> {
  const text = async (testid: string) => {
    const value = dialog.getByTestId(testid);
    await expect(value).not.toBeEmpty();
    return (await value.innerText()).trim();
  };
  return {
    client_id: await text("client-id"),
    client_secret: await text("client-secret"),
    server_url: await text("server-url"),
  };
}

/** The person says that the secret is saved. */
export async function saved(dialog: Locator): Promise<void> {
  await dialog.getByRole("button", { name: "I have saved it" }).click();
  await expect(dialog).toBeHidden();
}
