// The real binary with the fixture workbook in its embedded database, and a person who may sign in; for the tests of a file.
import { expect, test, type Page } from '@playwright/test';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const corrente = process.env.CORRENTE_BIN ?? fileURLToPath(new URL('../../target/debug/corrente', import.meta.url));
const fixture = fileURLToPath(new URL('../../pipeline/tests/fixtures/purchases.xlsx', import.meta.url));
const password = 'a walk from cell to pixel';

/** A port that is free now. */
const freePort = () => new Promise<number>((resolve, reject) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const address = probe.address();
    probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
  });
});

export type Company = {
  /** Where it is served. */
  origin: string;
  email: (role: Role) => string;
  /** Everybody's. */
  password: string;
  /** Fills the login form as somebody of this role and sends it. */
  signIn: (page: Page, role: Role) => Promise<void>;
  /** Runs a command of the binary on it. */
  run: (...words: string[]) => void;
  stop: () => Promise<void>;
};

export type Role = 'viewer' | 'analyst' | 'admin';

/** Imports, forecasts and serves the company of the fixture workbook. */
async function serveFixture(): Promise<Company> {
  const data = mkdtempSync(join(tmpdir(), 'corrente-e2e-'));
  const env = { ...process.env, CORRENTE_DATA_DIR: data, DATABASE_URL: '' };
  const run = (...words: string[]) => execFileSync(corrente, words, { env, input: `${password}\n`, stdio: ['pipe', 'pipe', 'inherit'] });
  const email = (role: Role) => `${role}@example.com`;
  run('import', fixture);
  run('forecast');
  for (const role of ['viewer', 'analyst', 'admin'] as const) run('user', 'add', email(role), '--role', role, '--password-stdin');
  const origin = `http://127.0.0.1:${await freePort()}`;
  const server = spawn(corrente, ['serve', '--bind', origin.slice('http://'.length)], { env, stdio: 'ignore' });
  await expect.poll(() => fetch(`${origin}/health/ready`).then((answer) => answer.status, () => 0), { timeout: 60_000 }).toBe(200);
  return {
    origin,
    email,
    password,
    run,
    signIn: async (page, role) => {
      await page.fill('input[name=email]', email(role));
      await page.fill('input[name=password]', password);
      await page.click('button[type=submit]');
    },
    stop: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** The company of a file's tests: served before the first of them, stopped after the last. */
export function companyOfThisFile(): Company {
  const company = {} as Company;
  test.beforeAll(async () => {
    test.setTimeout(180_000);
    Object.assign(company, await serveFixture());
  });
  test.afterAll(async () => {
    await company.stop?.();
  });
  return company;
}

/** What the console said that should not have been said. */
export function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`); });
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}
