// GraphQL over HTTP as the public audit suite of graphql-http reads its specification, against the served binary.
import { expect, test } from '@playwright/test';
import { serverAudits } from 'graphql-http';
import { companyOfThisFile } from './company';

const company = companyOfThisFile();

test('every audit of graphql-http passes', async () => {
  const audits = serverAudits({ url: `${company.origin}/graphql` });
  expect(audits).toHaveLength(61);
  const short: string[] = [];
  for (const audit of audits) {
    const result = await audit.fn();
    if (result.status !== 'ok') short.push(`${audit.id} ${audit.name}: ${result.status}, ${result.reason}`);
  }
  expect(short).toEqual([]);
});
