// Takes pictures of pages, light and dark, at three widths, of a server that already runs.
// Usage: node shots.mjs BASE_URL FOLDER EMAIL PASSWORD PATH... ; run by `cargo xtask shots`.
import { chromium as driver } from 'playwright-core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from './browser.mjs';

const [base, folder, email, password, ...paths] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await driver.launch(chromium());
let faults = 0;
const complain = (where, text) => { faults += 1; console.log(`  ! ${where}: ${text}`); };

/** Goes to a page and waits until the application has taken over from the shell and the network is quiet. */
async function visit(page, path) {
  await page.goto(base + path, { waitUntil: 'load' });
  await page.locator('#shell').waitFor({ state: 'detached', timeout: 15_000 });
  await page.waitForLoadState('networkidle');
}

/** Signs in where the page shows the form; the session is a cookie, so one sign-in lasts a context. */
async function signIn(page) {
  await visit(page, '/login');
  await page.locator('input[name=email]').fill(email);
  await page.locator('input[name=password]').fill(password);
  await page.locator('button[type=submit]').first().click();
  await page.waitForURL((url) => url.pathname !== '/login', { timeout: 15_000 });
  await page.waitForLoadState('networkidle');
}

for (const colorScheme of ['light', 'dark']) {
  for (const width of [390, 1024, 1600]) {
    const context = await browser.newContext({
      colorScheme, locale: 'pt-BR', timezoneId: 'America/Bahia', reducedMotion: 'reduce',
      viewport: { width, height: width < 600 ? 844 : 900 },
    });
    const page = await context.newPage();
    let where = '/login';
    page.on('console', (message) => { if (message.type() === 'error') complain(where, message.text()); });
    page.on('pageerror', (error) => complain(where, error.message));
    await signIn(page).catch((error) => complain(where, error.message.split('\n')[0]));
    for (const path of paths) {
      where = path;
      const name = path.replace(/^\//, '').replace(/[^\w-]+/g, '_') || 'dashboard';
      const file = join(folder, `${name}-${width}-${colorScheme}.png`);
      // The login page is pictured signed out, whatever comes after it signed in again.
      if (path === '/login') await context.clearCookies();
      else if ((await context.cookies()).length === 0) await signIn(page).catch((error) => complain(path, error.message.split('\n')[0]));
      await visit(page, path).catch((error) => complain(path, error.message.split('\n')[0]));
      await page.screenshot({ path: file, fullPage: true });
      console.log(file);
    }
    await context.close();
  }
}
await browser.close();
process.exitCode = faults ? 1 : 0;
