// The page of the forecasts: what it draws is what the graph answers, its address restores it, and a viewer never asks how good runs were.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { companyOfThisFile, listen, type Role } from './company';

const company = companyOfThisFile();

test.describe.configure({ mode: 'serial' });

/** Opens a page of the company as somebody. */
async function open(page: Page, role: Role, path: string) {
  await page.goto(company.origin + path);
  await company.signIn(page, role);
  await expect(page.getByTestId('as-of')).toBeVisible();
}

const answerTo = (page: Page, query: string, more = '') => page.waitForResponse((response) => {
  const body = response.request().postData() ?? '';
  return body.includes(`query ${query}`) && body.includes(more);
});
const chart = (page: Page) => page.getByTestId('comparison-chart');
const cell = (page: Page, row: number, column: number) => page.locator('[data-testid="comparison-table"] tbody tr').nth(row).locator('td').nth(column);

test('the whole company comes first, a material is added as it is typed, and each keeps its numbers', async ({ page, browser }) => {
  const complaints = listen(page);
  const whole = answerTo(page, 'SeriesForecast');
  await open(page, 'analyst', '/');
  await page.locator('nav a[href="/forecasts"]').click();
  await expect(page).toHaveURL(/\/forecasts$/);
  const all = (await (await whole).json()).data.forecast;
  await expect(chart(page)).toHaveAttribute('data-ready', 'true');
  await page.getByTestId('comparison-table-toggle').click();
  await expect(page.locator('[data-testid="comparison-table"] tbody tr')).toHaveCount(90);
  await expect(cell(page, 0, 0)).toHaveAttribute('data-value', String(all.means[0]));
  await expect(cell(page, 0, 1)).toHaveAttribute('data-value', String(all.band80.lower[0]));
  await expect(cell(page, 0, 2)).toHaveAttribute('data-value', String(all.band80.upper[0]));

  const added = answerTo(page, 'SeriesForecast', '010825');
  await page.getByTestId('suggest').fill('conexao');
  await expect(page.locator('[role=option][data-value="010825"]')).toBeVisible();
  await page.locator('[role=option][data-value="010825"]').click();
  const { item } = (await (await added).json()).data;
  await expect(page).toHaveURL(/\/forecasts\?of=all&of=item:010825$/);
  const chip = page.locator('[data-testid="legend"] [data-series="item:010825"]');
  await expect(chip).toContainText(item.name);
  await expect(cell(page, 0, 3)).toHaveAttribute('data-value', String(item.forecast.means[0]));

  // A shorter horizon and another scale ask nothing of the server.
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.postData() ?? ''));
  await page.getByRole('button', { name: '30 dias' }).click();
  await expect(page.locator('[data-testid="comparison-table"] tbody tr')).toHaveCount(30);
  await page.getByRole('button', { name: 'Normalizado' }).click();
  await expect(page).toHaveURL(/of=all&of=item:010825&horizon=30&scale=own$/);
  const level = all.means.slice(0, 30).reduce((sum: number, mean: number) => sum + mean, 0) / 30;
  await expect.poll(async () => Number(await cell(page, 0, 0).getAttribute('data-value'))).toBeCloseTo(all.means[0] / level, 9);
  await page.getByRole('button', { name: 'Semana' }).click();
  await expect(page.getByText('Faixas diárias não se somam').first()).toBeVisible();
  await page.goBack();
  await page.goBack();
  expect(asked.filter((body) => body.includes('query SeriesForecast'))).toEqual([]);

  const elsewhere = await browser.newContext();
  const copy = await elsewhere.newPage();
  await copy.goto(page.url());
  await company.signIn(copy, 'analyst');
  await expect(copy.locator('[data-testid="legend"] li')).toHaveCount(2);
  await elsewhere.close();

  await chip.getByRole('button').click();
  await expect(chip).toHaveCount(0);
  await page.goBack();
  await expect(chip).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a family is a series of its own, a material is taken by the keyboard, and nothing chosen is said so', async ({ page }) => {
  await open(page, 'viewer', '/forecasts?of=none');
  await expect(page.getByText('Nada para comparar')).toBeVisible();
  await expect(page.getByText('Nenhum material entre as séries')).toBeVisible();
  await page.locator('details.menu').first().locator('summary').click();
  const family = page.locator('details.menu').first().locator('label').first();
  const name = (await family.textContent())!.trim();
  const answered = answerTo(page, 'SeriesForecast', '"FAMILY"');
  await family.click();
  const { forecast } = (await (await answered).json()).data;
  await expect(page.locator('[data-testid="legend"] li')).toContainText([name]);
  if (forecast) await expect(chart(page)).toHaveAttribute('data-ready', 'true');
  await page.keyboard.press('Escape');

  await page.getByTestId('suggest').fill('010825');
  await expect(page.locator('[role=option]').first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-testid="legend"] [data-series="item:010825"]')).toBeVisible();
  await page.getByTestId('suggest').fill('nothing is called this');
  await expect(page.getByText('Nenhum material encontrado')).toBeVisible();
});

test('how good the newest run was is as the graph says, and a viewer neither sees it nor asks', async ({ page, browser }) => {
  const answered = answerTo(page, 'RunAccuracy');
  await open(page, 'analyst', '/forecasts?of=item:010825');
  const accuracy = (await (await answered).json()).data.forecastRuns.nodes[0].accuracy;
  if (accuracy.length === 0) {
    await expect(page.getByText('Ainda não há medição')).toBeVisible();
  } else {
    const rows = page.locator('[data-testid="accuracy-table"] tbody tr');
    await expect(rows).toHaveCount(accuracy.length);
    const shown = await rows.evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map((td) => td.getAttribute('data-value'))));
    const told = (value: number | null) => (value === null ? null : String(value));
    expect(shown).toEqual(accuracy.map((row: any) => [row.rmsse, row.wape, row.bias, row.coverage80, row.ideal80, row.coverage95, row.ideal95, row.observations].map(told)));
    await expect(page.getByTestId('coverage-chart')).toHaveAttribute('data-ready', 'true');
  }

  const elsewhere = await browser.newContext({ locale: 'pt-BR' });
  const viewer = await elsewhere.newPage();
  const asked: string[] = [];
  viewer.on('request', (request) => asked.push(request.postData() ?? ''));
  await open(viewer, 'viewer', '/forecasts?of=item:010825');
  await expect(viewer.getByText('Previsto e o que veio')).toBeVisible();
  await expect(chart(viewer)).toHaveAttribute('data-ready', 'true');
  await expect(viewer.getByText('Qualidade das previsões')).toHaveCount(0);
  expect(asked.filter((body) => body.includes('RunAccuracy'))).toEqual([]);
  await elsewhere.close();
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const language of ['pt-BR', 'en']) {
    test(`axe finds nothing, ${colorScheme}, ${language}`, async ({ browser }) => {
      const context = await browser.newContext({ colorScheme, locale: language, reducedMotion: 'reduce' });
      const page = await context.newPage();
      await open(page, 'analyst', '/forecasts?of=all&of=item:010825');
      await expect(chart(page)).toHaveAttribute('data-ready', 'true');
      await page.getByTestId('comparison-table-toggle').click();
      await page.getByTestId('suggest').fill('conexao');
      await expect(page.locator('[role=option]').first()).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
      await context.close();
    });
  }
}
