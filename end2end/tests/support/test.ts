// The `test` of this folder: a server, a tool service, and pages that fail their test if the
// browser has anything to complain about.

import { type BrowserContextOptions, type Page, test as base, expect } from "@playwright/test";

import { type ToolService, startToolService } from "../../clients/tool-service.mjs";
import { Server } from "./server.ts";
import { Watch } from "./watch.ts";

type Fixtures = {
  server: Server;
  tools: ToolService;
  watch: Watch;
  /** Opens a page in a browser of its own: no cookies of another, and with these options. */
  newPage: (options?: BrowserContextOptions) => Promise<Page>;
};

export const test = base.extend<Fixtures>({
  server: async ({}, use, info) => {
    const server = await Server.start();
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
