// How a person does what a test asks: with the mouse, or with the keyboard alone. Both count.

import { type Locator, type Page, expect } from "@playwright/test";

export abstract class Hands {
  /** Clicks, or keys that are no text. */
  presses = 0;
  /** Characters that were typed. */
  characters = 0;
  protected readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Presses a button, follows a link. */
  abstract press(what: Locator): Promise<void>;
  /** Types into a field. */
  abstract type(field: Locator, text: string): Promise<void>;
  /** Picks one of several radio buttons. */
  abstract choose(radio: Locator): Promise<void>;
  /** Sends the form whose last field was typed into. */
  abstract send(button: Locator): Promise<void>;

  protected async characterise(text: string): Promise<void> {
    await this.page.keyboard.type(text);
    this.characters += text.length;
  }
}

export class Mouse extends Hands {
  async press(what: Locator): Promise<void> {
    await what.click();
    this.presses += 1;
  }

  async type(field: Locator, text: string): Promise<void> {
    await expect(field).toBeVisible();
    // A field that has the focus already needs no click.
    if (!(await field.evaluate((element) => element === document.activeElement))) await this.press(field);
    await this.characterise(text);
  }

  choose(radio: Locator): Promise<void> {
    return this.press(radio);
  }

  send(button: Locator): Promise<void> {
    return this.press(button);
  }
}

/** Beyond this many, nobody would go on. */
const TABS = 60;

export class Keyboard extends Hands {
  async #key(name: string): Promise<void> {
    await this.page.keyboard.press(name);
    this.presses += 1;
  }

  /** Moves the focus there with Tab, and sees that it can be seen. */
  async #reach(what: Locator): Promise<void> {
    await expect(what).toBeVisible();
    const hasFocus = () => what.evaluate((element) => element === document.activeElement);
    for (let tabs = 0; !(await hasFocus()); tabs++) {
      if (tabs === TABS) throw new Error(`${what} is not reached with ${TABS} tabs`);
      await this.#key("Tab");
      await this.#skip();
    }
    const isSeen = await what.evaluate((element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      const isOutlined = outlineStyle !== "none" && outlineWidth !== "0px";
      return element.matches(":focus-visible") && (isOutlined || boxShadow !== "none");
    });
    expect(isSeen, `the focus on ${what} can be seen`).toBe(true);
  }

  /** Takes the link past what is the same on every page, as who knows it does. */
  async #skip(): Promise<void> {
    const isSkipLink = await this.page.evaluate(() => document.activeElement?.matches(".skip-link"));
    if (isSkipLink) await this.#key("Enter");
  }

  async press(what: Locator): Promise<void> {
    await this.#reach(what);
    await this.#key("Enter");
  }

  async type(field: Locator, text: string): Promise<void> {
    await this.#reach(field);
    await this.characterise(text);
  }

  async choose(radio: Locator): Promise<void> {
    // Of a group, Tab reaches the one that is chosen; the arrows go on from there.
    await expect(radio).toBeVisible();
    const name = await radio.getAttribute("name");
    const chosen = this.page.locator(`input[type=radio][name="${name}"]:checked`);
    await this.#reach(chosen.first());
    for (let i = 0; i < 10 && !(await radio.isChecked()); i++) await this.#key("ArrowDown");
    await expect(radio).toBeChecked();
  }

  /** From a field of the form. */
  async send(): Promise<void> {
    await this.#key("Enter");
  }
}
