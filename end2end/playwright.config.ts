import { defineConfig, devices } from "@playwright/test";
import { userInfo } from "node:os";

// The system's browser where scripts/e2e names one; Playwright's own otherwise.
const executablePath = process.env.TENGINE_CHROMIUM || undefined;

// A test talks to the server it started and to nothing else, and neither does its browser.
const args = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
// Chromium has no sandbox for root, which is who runs it in most containers.
if (userInfo().uid === 0) args.push("--no-sandbox");

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  reporter: "list",
  // Every test has a server of its own, and the machine may have two cores.
  workers: 1,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: { trace: "retain-on-failure" },
  projects: [
    {
      name: "chromium",
      use: { ...devices["Desktop Chrome"], launchOptions: { executablePath, args } },
    },
  ],
});
