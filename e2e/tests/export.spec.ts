// A list is taken away as a file: by one click, without a token in any address, with the filters of the page and the numbers of its language.
import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { companyOfThisFile, listen } from './company';

const company = companyOfThisFile();

test.describe.configure({ mode: 'serial' });

/** What a click on a button of the page downloads. */
async function taken(page: Page, format: 'csv' | 'xlsx') {
  const arrived = page.waitForEvent('download');
  await page.getByTestId(`export-${format}`).click();
  const file = await arrived;
  return { name: file.suggestedFilename(), address: file.url(), bytes: readFileSync(await file.path()) };
}

test('the materials of a search become a file of those materials, for a Brazilian spreadsheet', async ({ page }) => {
  const complaints = listen(page);
  await page.goto(`${company.origin}/materials?q=conexao`);
  await company.signIn(page, 'analyst');
  await expect(page.locator('tr[data-sku="010825"]')).toBeVisible();
  const listed = await page.locator('[data-testid="materials-table"] tbody tr').count();

  const csv = await taken(page, 'csv');
  expect(csv.name).toMatch(/\.csv$/);
  expect(csv.address).not.toMatch(/Bearer|eyJ/);
  const lines = csv.bytes.toString('utf8').trimEnd().split(/\r?\n/);
  expect(lines[0].charCodeAt(0), 'a byte-order mark').toBe(0xfeff);
  expect(lines[0]).toContain(';');
  expect(lines.length - 1).toBe(listed);
  expect(lines.some((line) => line.includes('010825'))).toBe(true);

  const xlsx = await taken(page, 'xlsx');
  expect(xlsx.name).toMatch(/\.xlsx$/);
  expect(xlsx.bytes.subarray(0, 2).toString()).toBe('PK');

  // A ticket is good once.
  expect((await fetch(csv.address)).status).toBe(401);
  await expect(page).toHaveURL(/\/materials\?q=conexao$/);
  expect(complaints).toEqual([]);
});

test('the other lists send filters that the server knows', async ({ page }) => {
  await page.goto(`${company.origin}/recommendations?status=open,acknowledged&priority=high,low&type=reorder`);
  await company.signIn(page, 'viewer');
  await expect(page.getByTestId('count')).toBeVisible();
  expect((await taken(page, 'csv')).bytes.length).toBeGreaterThan(0);
  await page.goto(`${company.origin}/alerts?level=warning,critical&unread=1`);
  await expect(page.getByTestId('count')).toBeVisible();
  expect((await taken(page, 'csv')).bytes.length).toBeGreaterThan(0);
});
