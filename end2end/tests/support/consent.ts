// The consent page, and the whole way from the authorize URL to tokens.

import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";

import { type Connector, type Tokens, claudeAnswers } from "./connector.ts";

export type ToolChoice = "Read-only tools" | "All tools" | "Only the tools I tick";

/** Chooses on the consent page that is open, and sends it. */
export async function approve(page: Page, choice: ToolChoice): Promise<void> {
  await page.getByRole("radio", { name: choice }).check();
  await page.getByRole("button", { name: "Approve" }).click();
}

/** One complete connection by someone who is signed in on this page. */
export async function connect(
  page: Page,
  connector: Connector,
  choice: ToolChoice = "All tools",
): Promise<Tokens> {
  const callback = await claudeAnswers(page);
  await page.goto(connector.authorizeUrl());
  await approve(page, choice);
  const { status, body } = await connector.exchange(connector.code(await callback()));
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}
