// What happens while a page is open: an import that goes wrong is told on every page, and a server that goes away too.
import { expect, test } from '@playwright/test';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { companyOfThisFile } from './company';

const company = companyOfThisFile();

test.describe.configure({ mode: 'serial' });

test('an import of refused lines raises a toast and refreshes the page, and the end of the server shows a banner', async ({ page }) => {
  await page.goto(`${company.origin}/alerts`);
  await company.signIn(page, 'viewer');
  await expect(page.getByTestId('as-of')).toBeVisible();
  await expect(page.getByTestId('toast')).toHaveCount(0);

  // Every line is refused, which is an alert by itself.
  const file = join(mkdtempSync(join(tmpdir(), 'corrente-e2e-')), 'stock.csv');
  writeFileSync(file, 'date,sku,site,on_hand\n2025-03-01,NOBODY,NOWHERE,1\n2025-03-02,NOBODY,NOWHERE,1\n2025-03-03,NOBODY,NOWHERE,\n');
  company.run('import', '--kind', 'inventory', file);
  await expect(page.getByTestId('toast').first()).toBeVisible({ timeout: 5_000 });
  await expect(page.getByTestId('unread')).toBeVisible();
  await expect(page.getByTestId('alert').first()).toBeVisible();

  await company.stop();
  await expect(page.getByTestId('lost')).toBeVisible({ timeout: 15_000 });
});
