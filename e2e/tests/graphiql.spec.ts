// GraphiQL on the real binary: under our policy, from our own files, as whoever is signed in, with a gallery that runs.
import { expect, test, type Page } from '@playwright/test';
import { companyOfThisFile, listen } from './company';

const company = companyOfThisFile();

test.describe.configure({ mode: 'serial' });

/** Hosts other than the server that the page has asked for anything. */
function foreign(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => { if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(company.origin)) asked.push(request.url()); });
  return asked;
}

test('an analyst signs in, is brought back, and every query of the gallery answers without an error', async ({ page }) => {
  test.setTimeout(120_000);
  const [complaints, asked] = [listen(page), foreign(page)];
  await page.goto(`${company.origin}/graphiql`);
  await page.getByRole('link', { name: /sign in|entrar/ }).click();
  await company.signIn(page, 'analyst');
  await expect(page).toHaveURL(`${company.origin}/graphiql`);

  const gallery = page.locator('.gallery button');
  await expect(gallery.first()).toBeVisible();
  expect(await gallery.count()).toBeGreaterThanOrEqual(12);
  for (const entry of await gallery.all()) {
    await entry.click();
    const answered = page.waitForResponse((response) => response.url() === `${company.origin}/graphql` && response.request().postDataJSON().query.startsWith('#'));
    await page.locator('.graphiql-execute-button').click();
    const answer = await (await answered).json();
    expect(answer.errors, await entry.innerText()).toBeUndefined();
    expect(Object.keys(answer.data).length).toBeGreaterThan(0);
    await expect(page.locator('.result-window')).toContainText('"data"');
  }
  // The documentation is there, which needs the introspection of the role.
  await page.getByRole('button', { name: /Show Documentation Explorer/ }).click();
  await expect(page.locator('.graphiql-doc-explorer')).toContainText('Query');
  expect(asked).toEqual([]);
  expect(complaints).toEqual([]);
});

test('a viewer is told whom GraphiQL is for', async ({ page }) => {
  const complaints = listen(page);
  await page.goto(`${company.origin}/login?next=/graphiql`);
  await company.signIn(page, 'viewer');
  await expect(page.locator('.notice')).toContainText(/for analysts|para analistas/);
  await page.locator('.notice a').click();
  await expect(page.getByTestId('as-of')).toBeVisible();
  await expect(page.getByRole('link', { name: 'GraphiQL' })).toHaveCount(0);
  expect(complaints).toEqual([]);
});
