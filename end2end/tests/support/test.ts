// The `test` of this folder: a server, a tool service, and pages that fail their test if the
// browser has anything to complain about.

import { type BrowserContextOptions, type Page, test as base, expect } from "@playwright/test";

import { type ToolService, startToolService } from "../../clients/tool-service.mjs";
import { MailServer } from "./mail.ts";
import { Server } from "./server.ts";
import { Watch } from "./watch.ts";

type Fixtures = {
  /** What the server is started with besides, by environment variable: `test.use({ settings })`. */
  settings: Record<string, string>;
  /** Whether there is a mail server that the server sends by. */
  sendsMail: boolean;
  mail: MailServer;
  server: Server;
  tools: ToolService;
  watch: Watch;
  /** Opens a page in a browser of its own: no cookies of another, and with these options. */
  newPage: (options?: BrowserContextOptions) => Promise<Page>;
};

export const test = base.extend<Fixtures>({
  settings: [{}, { option: true }],
  sendsMail: [false, { option: true }],
  mail: async ({}, use) => {
    const mail = new MailServer();
    await mail.start();
    await use(mail);
    await mail.stop();
  },
  server: async ({ settings, sendsMail, mail }, use, info) => {
    const byMail = {
      TENGINE_SMTP_URL: mail.url,
      TENGINE_MAIL_FROM: "TengineAI <tengine@example.com>",
    };
    const server = await Server.start({ ...(sendsMail ? byMail : {}), ...settings });
    await use(server);
    await server.stop();
    if (info.status !== info.expectedStatus) {
      await info.attach("server.log", { body: server.log, contentType: "text/plain" });
    }
  },
  baseURL: async ({ server }, use) => use(server.url),
  tools: async ({}, use) => {
    const service = await startToolService();
    await use(service);
    await service.close();
  },
  watch: async ({ server }, use) => {
    const watch = new Watch(server.url);
    await use(watch);
    expect(watch.problems, "what the browser complained about").toEqual([]);
  },
  page: async ({ page, watch }, use) => {
    watch.add(page);
    await use(page);
    watch.stop();
  },
  newPage: async ({ browser, server, watch }, use) => {
    const contexts: { close(): Promise<void> }[] = [];
    await use(async (options = {}) => {
      const context = await browser.newContext({ baseURL: server.url, ...options });
      contexts.push(context);
      const page = await context.newPage();
      watch.add(page);
      return page;
    });
    watch.stop();
    for (const context of contexts) await context.close();
  },
});

export { expect };
