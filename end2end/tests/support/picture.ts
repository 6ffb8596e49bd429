// Pictures of pages for people to look at: end2end/screens/, which git ignores.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";

const SCREENS = join(import.meta.dirname, "../../screens");
export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 360, height: 740 };

/** Both themes on both widths; `name` begins the names of a form's pictures. */
export const FORMS = [
  { name: "light", colorScheme: "light", viewport: WIDE },
  { name: "dark", colorScheme: "dark", viewport: WIDE },
  { name: "narrow", colorScheme: "light", viewport: NARROW },
  { name: "narrow-dark", colorScheme: "dark", viewport: NARROW },
] as const;

/** Takes pictures of pages in a form, and sees that each is no wider than its screen. */
export function camera({ name: form, viewport }: (typeof FORMS)[number]) {
  return async (page: Page, name: string): Promise<void> => {
    await picture(page, `${form}-${name}`);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect.soft(width, `${name} is wider than the screen`).toBeLessThanOrEqual(viewport.width);
  };
}

async function picture(page: Page, name: string): Promise<void> {
  await mkdir(SCREENS, { recursive: true });
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  // A dialog lies over what the window shows, and not over the whole page.
  const fullPage = (await page.getByRole("dialog").count()) === 0;
  await page.screenshot({ path: join(SCREENS, `${name}.png`), fullPage, animations: "disabled" });
}
