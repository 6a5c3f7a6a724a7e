// The administration: people come in and are locked out, a token is shown once, the log tells of both, and a bad file shows its lines.
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

/** Asks the graph with a token. */
const ask = async (query: string, token: string) => {
  const answer = await fetch(`${company.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  return { status: answer.status, body: await answer.json() };
};

const row = (page: Page, list: string, text: string) => page.locator(`[data-testid="${list}"]`, { hasText: text });

test('who is no administrator sees no link, and is told why the page is not for them', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.postData() ?? ''));
  await open(page, 'analyst', '/admin/users');
  await expect(page.getByTestId('admin-only')).toContainText('Seu papel é Analista');
  await expect(page.locator('nav a[href="/admin"]')).toHaveCount(0);
  expect(asked.filter((body) => /query (Users|AuditLog|ImportRuns|ApiTokens)/.test(body))).toEqual([]);
});

test('somebody is added, comes in, gets another role, is locked out and let in again', async ({ page, browser }) => {
  const complaints = listen(page);
  await open(page, 'admin', '/');
  await page.locator('nav a[href="/admin"]').click();
  await expect(page).toHaveURL(/\/admin\/users$/);
  await expect(page.locator('[data-testid="user"]')).toHaveCount(3);

  await page.fill('input[name=email]', 'new@example.com');
  await page.fill('input[name=name]', 'Someone New');
  await page.fill('input[name=password]', 'short');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'pelo menos 8' })).toBeVisible();
  await page.fill('input[name=password]', company.password);
  await page.keyboard.press('Enter');
  const person = row(page, 'user', 'new@example.com');
  await expect(person).toContainText('nunca entrou');

  const elsewhere = await browser.newContext({ locale: 'pt-BR' });
  const theirs = await elsewhere.newPage();
  await theirs.goto(company.origin);
  await theirs.fill('input[name=email]', 'new@example.com');
  await theirs.fill('input[name=password]', company.password);
  await theirs.click('button[type=submit]');
  await expect(theirs.getByTestId('as-of')).toBeVisible();
  await expect(theirs.locator('a[href="/graphiql"]')).toHaveCount(0);

  await expect(person.getByTestId('save-role')).toBeDisabled();
  await person.getByTestId('role').selectOption('analyst');
  await person.getByTestId('save-role').click();
  await expect(person.locator('.badge').first()).toHaveText('Analista');
  await person.getByTestId('lock').click();
  await expect(person).toContainText('bloqueada');
  await theirs.reload();
  await expect(theirs.locator('input[name=email]')).toBeVisible();
  await person.getByTestId('lock').click();
  await expect(person).not.toContainText('bloqueada');
  await elsewhere.close();

  // The only administrator stays one.
  await row(page, 'user', company.email('admin')).getByTestId('lock').click();
  await expect(page.getByRole('alert').filter({ hasText: 'última pessoa ativa' })).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a token is shown once, asks the graph, and asks no more once it is revoked', async ({ page }) => {
  const complaints = listen(page);
  await open(page, 'admin', '/admin/tokens');
  await expect(page.getByText('Nenhum token')).toBeVisible();
  await page.fill('input[name=name]', 'Power BI');
  await page.fill('input[name=days]', '4000');
  await page.click('[data-testid="make-token"] button[type=submit]');
  await expect(page.getByRole('alert').filter({ hasText: '3.650' })).toBeVisible();
  await page.fill('input[name=days]', '30');
  await page.locator('select[name=role]').selectOption('viewer');
  await page.click('[data-testid="make-token"] button[type=submit]');
  const token = (await page.getByTestId('token-made').textContent())!;
  expect(token).toMatch(/^corrente_/);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByTestId('copy').click();
  await expect(page.getByTestId('copy')).toHaveText('Copiado');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
  const asked = await ask('{ viewer { email role } }', token);
  expect(asked.body.data.viewer).toEqual({ email: company.email('admin'), role: 'VIEWER' });

  await page.reload();
  const kept = row(page, 'token', 'Power BI');
  await expect(kept).toContainText('ativo');
  await expect(page.getByText(token)).toHaveCount(0);
  await kept.getByTestId('revoke').click();
  await kept.getByTestId('keep').click();
  await kept.getByTestId('revoke').click();
  await kept.getByTestId('revoke-sure').click();
  await expect(kept).toContainText('revogado em');
  expect((await ask('{ viewer { email } }', token)).status).toBe(401);
  expect(complaints).toEqual([]);
});

test('the audit log tells what was done, is filtered through its address, and says that it is whole', async ({ page, browser }) => {
  const complaints = listen(page);
  await open(page, 'admin', '/admin/audit');
  await expect(page.getByTestId('verdict')).toHaveAttribute('data-intact', 'true');
  await expect(row(page, 'audit-entry', 'token.revoke')).toHaveCount(1);
  await page.getByTestId('action').selectOption('user.update');
  await expect(page).toHaveURL(/\/admin\/audit\?action=user\.update$/);
  await expect(page.getByTestId('audit-entry')).toHaveCount(3);
  await expect(page.getByTestId('audit-entry').first()).toContainText(company.email('admin'));

  // By somebody who did none of it, and before any of it.
  await page.getByTestId('who').selectOption({ label: company.email('viewer') });
  await expect(page.getByText('Nenhum registro com estes filtros')).toBeVisible();
  await page.goBack();
  await expect(page.getByTestId('audit-entry')).toHaveCount(3);
  await page.fill('input[name=to]', '2020-01-01');
  await page.keyboard.press('Tab');
  await expect(page.getByText('Nenhum registro com estes filtros')).toBeVisible();

  const elsewhere = await browser.newContext({ locale: 'pt-BR' });
  const copy = await elsewhere.newPage();
  await copy.goto(page.url());
  await company.signIn(copy, 'admin');
  await expect(copy.getByTestId('action')).toHaveValue('user.update');
  await expect(copy.locator('input[name=to]')).toHaveValue('2020-01-01');
  await elsewhere.close();
  await page.goBack();
  await page.goBack();
  await expect(row(page, 'audit-entry', 'login').first()).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a file with bad lines shows each with what was read and what would be right', async ({ page }) => {
  const file = join(mkdtempSync(join(tmpdir(), 'corrente-e2e-')), 'bad-stock.csv');
  writeFileSync(file, 'date,sku,site,on_hand\n2025-03-01,NOBODY,ALMOX-BA,1\n2025-03-02,010825,ALMOX-BA,many\n2025-03-03,010825,ALMOX-BA,4\n');
  company.run('import', '--kind', 'inventory', file);

  const complaints = listen(page);
  await open(page, 'admin', '/admin/imports');
  const run = row(page, 'import', 'bad-stock.csv');
  await expect(run).toContainText('3 linhas');
  await expect(run).toContainText('1 carregadas');
  await expect(run).toContainText('2 recusadas');
  const answered = page.waitForResponse((response) => response.request().postData()?.includes('query ImportLines') ?? false);
  await run.getByRole('link').click();
  const { importRun } = (await (await answered).json()).data;
  expect(importRun.rejects.nodes.map((line: any) => line.line)).toEqual([2, 3]);
  const lines = page.locator('[data-testid="rejects"] tbody tr');
  await expect(lines).toHaveCount(2);
  for (const [index, line] of importRun.rejects.nodes.entries()) {
    const told = [String(line.line), line.column ?? '–', line.reason, line.value ?? '–', line.expected ?? '–', line.sheet ?? '–', line.file];
    const shown = await lines.nth(index).locator('th, td').allTextContents();
    expect(shown.slice(0, told.length)).toEqual(told);
  }
  await page.getByTestId('reason').first().click();
  await expect(page).toHaveURL(/&reason=/);
  await expect(lines).toHaveCount(importRun.rejectReasons[0].lines);
  await page.goBack();
  await expect(lines).toHaveCount(2);
  await page.goBack();
  await expect(run).toBeVisible();
  expect(complaints).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const language of ['pt-BR', 'en']) {
    test(`axe finds nothing, ${colorScheme}, ${language}`, async ({ browser }) => {
      const context = await browser.newContext({ colorScheme, locale: language, reducedMotion: 'reduce' });
      const page = await context.newPage();
      await open(page, 'admin', '/admin/users');
      for (const [path, ready] of [['users', 'user'], ['audit', 'audit-entry'], ['imports', 'import'], ['tokens', 'token']]) {
        await page.locator(`nav.tabs a[href="/admin/${path}"]`).click();
        await expect(page.getByTestId(ready).first()).toBeVisible();
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => [path, id, nodes.map((node) => node.html)])).toEqual([]);
      }
      await context.close();
    });
  }
}
