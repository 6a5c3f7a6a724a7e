// One number's whole way: the fixture workbook is imported into the embedded database of the real binary, forecast, served,
// and the cell of 2025-03-10 is read again behind the chart of its material.
import { expect, test, type Page } from '@playwright/test';
import { companyOfThisFile, listen } from './company';

const company = companyOfThisFile();

test.describe.configure({ mode: 'serial' });

/** How many different colours the chart's canvas shows: a blank one has one. */
const colours = (page: Page) => page.locator('canvas').first().evaluate((canvas: HTMLCanvasElement) => {
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
  return new Set(new Uint32Array(pixels.buffer)).size;
});

test('a cell of the workbook is the number behind the chart, and the address restores what it shows', async ({ page, browser }) => {
  const complaints = listen(page);
  await page.goto(company.origin);
  await company.signIn(page, 'analyst');
  await expect(page.getByTestId('demand-chart').first()).toHaveAttribute('data-ready', 'true');

  await page.locator('a[href="/materials"], a[href^="/materials?"]').first().click();
  await expect(page.getByTestId('materials-table')).toBeVisible();
  await page.locator('input[type=search]').first().fill('conexao');
  await expect(page).toHaveURL(/conexao/);
  const row = page.locator('tr[data-sku="010825"]');
  await expect(row).toBeVisible();
  const listed = page.url();

  await row.locator('a').first().click();
  await expect(page).toHaveURL(/\/materials\/010825/);
  await expect(page.getByTestId('demand-chart').first()).toHaveAttribute('data-ready', 'true');
  expect(await colours(page)).toBeGreaterThan(3);

  await page.goto(`${company.origin}/materials/010825?from=2025-03-01&to=2025-03-31`);
  await expect(page.getByTestId('demand-chart').first()).toHaveAttribute('data-ready', 'true');
  await page.getByTestId('demand-table-toggle').click();
  const cell = page.locator('[data-testid="demand-table"] [data-date="2025-03-10"][data-series="actual"]');
  await expect(cell).toHaveAttribute('data-value', '17');

  await page.goBack();
  await page.goBack();
  await expect(page).toHaveURL(listed);
  await expect(row).toBeVisible();

  const elsewhere = await browser.newContext();
  const copy = await elsewhere.newPage();
  await copy.goto(listed);
  await company.signIn(copy, 'analyst');
  await expect(copy).toHaveURL(listed);
  await expect(copy.locator('tr[data-sku="010825"]')).toBeVisible();
  await elsewhere.close();

  // The workbook tells of purchases only, and the page of the stock says so.
  await page.locator('nav a[href="/inventory"]').click();
  await expect(page.getByText('sem dados de estoque').first()).toBeVisible();

  expect(complaints).toEqual([]);
});

test('the band of the material is never negative', async () => {
  const ask = async (query: string, token?: string) => {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (token) headers.authorization = `Bearer ${token}`;
    const answer = await fetch(`${company.origin}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
    return (await answer.json()).data;
  };
  const login = await ask(`mutation { login(email: "${company.email('analyst')}", password: "${company.password}") { accessToken } }`);
  const { item } = await ask('{ item(sku: "010825") { forecast { model band(level: 0.95) { lower upper } } } }', login.login.accessToken);
  expect(item.forecast.model).not.toBe('');
  expect(item.forecast.band.lower).toHaveLength(90);
  expect(Math.min(...item.forecast.band.lower)).toBeGreaterThanOrEqual(0);
  expect(item.forecast.band.upper.every((upper: number, day: number) => upper >= item.forecast.band.lower[day])).toBe(true);
});
