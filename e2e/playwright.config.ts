// The browser is the system's own Chromium: `cargo xtask test` finds or installs it, nothing is downloaded here.
import { defineConfig } from '@playwright/test';
import { chromium } from './browser.mjs';

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  retries: 0,
  workers: 2,
  timeout: 60_000,
  reporter: 'list',
  use: {
    launchOptions: chromium(),
    locale: 'pt-BR',
    timezoneId: 'America/Bahia',
    trace: 'retain-on-failure',
    viewport: { width: 1280, height: 800 },
  },
});
