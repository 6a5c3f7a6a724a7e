// The static shell and what Trunk made of it, read from dist/ without any server: it must paint without WASM,
// start the application, ask nobody else for anything, and stay within its weight.
import { expect, test, type Page } from '@playwright/test';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = process.env.CORRENTE_DIST ?? fileURLToPath(new URL('../../dist/', import.meta.url));
const types: Record<string, string> = {
  '.css': 'text/css', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.wasm': 'application/wasm',
};
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'";

/** Serves dist/ under a made-up origin; `missing` names files that fail to arrive. Returns what the page complained about. */
async function open(page: Page, missing?: RegExp): Promise<string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) complaints.push(message.text()); });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith('http://corrente.test/') && !request.url().startsWith('data:')) complaints.push(`asked ${request.url()}`);
  });
  await page.route('**/*', async (route) => {
    const path = new URL(route.request().url()).pathname;
    if (missing?.test(path)) return route.abort();
    if (path === '/graphql') return route.fulfill({ status: 200, json: { data: null, errors: [] } });
    const file = extname(path) ? path.slice(1) : 'index.html';
    await route.fulfill({ body: readFileSync(join(dist, file)), contentType: types[extname(file)], headers: { 'content-security-policy': policy } });
  });
  await page.goto('http://corrente.test/');
  return complaints;
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('the shell paints', async ({ page }) => {
    await open(page);
    await expect(page.getByText('Corrente', { exact: true })).toBeVisible();
    await expect(page.getByRole('status')).toBeVisible();
  });
});

test('the application takes the place of the shell without a complaint about policy, preload or foreign hosts', async ({ page }) => {
  const complaints = await open(page);
  await expect(page.locator('#shell')).toHaveCount(0);
  await expect(page.locator('#app')).not.toBeEmpty();
  expect(complaints.filter((text) => /Content Security Policy|preload|integrity|^asked /.test(text))).toEqual([]);
});

test('a start that fails says so and offers another try', async ({ page }) => {
  await open(page, /\.wasm$/);
  await expect(page.getByRole('alert')).toContainText('could not start');
  await expect(page.getByRole('button', { name: /Try again/ })).toBeVisible();
});

test('the charts arrive only when asked for, under the strict policy', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const complaints = await open(page, /\.wasm$/);
  await expect(page.getByRole('alert')).toBeVisible();
  expect(asked.filter((path) => path.startsWith('/chunks/'))).toEqual([]);
  const charts = await page.evaluate(async () => {
    await (window as any).correnteCharts();
    return typeof (window as any).echarts.init;
  });
  expect(charts).toBe('function');
  expect(complaints.filter((text) => /Content Security Policy/.test(text))).toEqual([]);
});

test('the shell, WASM and scripts weigh at most 350 kB, the charts 200 kB, the page for analysts 350 kB', () => {
  const small = (readdirSync(dist, { recursive: true }) as string[]).filter((name) => name.endsWith('.br'));
  const part = (name: string) => (!/^chunks\W/.test(name) ? 'shell' : /^chunks\Wgraphiql/.test(name) ? 'graphiql' : 'charts');
  const weight = (of: string) => small
    .filter((name) => part(name) === of)
    .reduce((sum, name) => sum + statSync(join(dist, name)).size, 0);
  for (const [of, most] of [['shell', 350_000], ['charts', 200_000], ['graphiql', 350_000]] as const) {
    expect(weight(of), of).toBeGreaterThan(0);
    expect(weight(of), of).toBeLessThanOrEqual(most);
  }
});
