// Pictures of pages for people to look at: end2end/screens/, which git ignores.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "@playwright/test";

const SCREENS = join(import.meta.dirname, "../../screens");
export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 360, height: 740 };

export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(SCREENS, { recursive: true });
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  // A dialog lies over what the window shows, and not over the whole page.
  const fullPage = (await page.getByRole("dialog").count()) === 0;
  await page.screenshot({ path: join(SCREENS, `${name}.png`), fullPage, animations: "disabled" });
}
