// The page of the stock: what it counts is what the graph answers, its address restores it, and a viewer never asks what it costs.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { companyOfThisFile, listen, type Role } from './company';

const company = companyOfThisFile();

test.describe.configure({ mode: 'serial' });

/** Opens a page of the company as somebody. */
async function open(page: Page, role: Role, path: string) {
  await page.goto(company.origin + path);
  await company.signIn(page, role);
  await expect(page.getByTestId('as-of')).toBeVisible();
}

test('a company that sends no stock is told so', async ({ page }) => {
  const complaints = listen(page);
  await open(page, 'analyst', '/');
  await page.locator('nav a[href="/inventory"]').click();
  await expect(page).toHaveURL(/\/inventory$/);
  await expect(page.getByText('sem dados de estoque').first()).toBeVisible();
  await expect(page.getByTestId('cover-chart')).toHaveCount(0);
  expect(complaints).toEqual([]);
});

test('the stock is counted by days of cover and by class, and the filter is in the address', async ({ page }) => {
  const file = join(mkdtempSync(join(tmpdir(), 'corrente-e2e-')), 'stock.csv');
  writeFileSync(file, 'date,sku,site,on_hand\n2025-03-31,010825,ALMOX-BA,40\n');
  company.run('import', '--kind', 'inventory', file);

  const complaints = listen(page);
  const answered = page.waitForResponse((response) => response.request().postData()?.includes('query StockOfItems') ?? false);
  await open(page, 'analyst', '/inventory');
  const { items } = (await (await answered).json()).data;
  const lasting = items.nodes.filter((item: any) => item.stock?.daysOfCover != null);
  expect(lasting.map((item: any) => item.sku)).toEqual(['010825']);

  await expect(page.getByTestId('cover-chart')).toHaveAttribute('data-ready', 'true');
  await expect(page.getByTestId('matrix-chart')).toHaveAttribute('data-ready', 'true');
  await page.getByTestId('cover-table-toggle').click();
  const counts = await page.locator('[data-testid="cover-table"] td').evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-value'))));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(items.nodes.filter((item: any) => item.stock).length);
  await page.getByTestId('matrix-table-toggle').click();
  const { abcClass, xyzClass } = lasting[0];
  const inClass = items.nodes.filter((item: any) => item.abcClass === abcClass && item.xyzClass === xyzClass).length;
  await expect(page.locator('[data-testid="matrix-table"] tr', { hasText: `${abcClass} · ${xyzClass}` }).locator('td').first()).toHaveAttribute('data-value', String(inClass));
  const row = page.locator('[data-testid="shortest"] tr[data-sku="010825"]');
  await expect(row.locator('[data-value]')).toHaveAttribute('data-value', String(lasting[0].stock.daysOfCover));

  const other = ['A', 'B', 'C'].find((word) => word !== abcClass)!;
  await page.getByRole('button', { name: other, exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/inventory\\?abc=${other}$`));
  await expect(row).toHaveCount(0);
  await page.goBack();
  await expect(row).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a viewer sees no value and asks for none', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.postData() ?? ''));
  await open(page, 'viewer', '/inventory');
  await expect(page.getByTestId('cover-chart')).toHaveAttribute('data-ready', 'true');
  await expect(page.getByText('Valor do estoque por família')).toHaveCount(0);
  expect(asked.filter((body) => body.includes('inventoryValue'))).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const language of ['pt-BR', 'en']) {
    test(`axe finds nothing, ${colorScheme}, ${language}`, async ({ browser }) => {
      const context = await browser.newContext({ colorScheme, locale: language, reducedMotion: 'reduce' });
      const page = await context.newPage();
      await open(page, 'analyst', '/inventory');
      await expect(page.getByTestId('cover-chart')).toHaveAttribute('data-ready', 'true');
      await page.getByTestId('cover-table-toggle').click();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
      await context.close();
    });
  }
}
