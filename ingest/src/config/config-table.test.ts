import { expect, test } from 'vitest';
import { configTable } from './config-table.ts';

test('the table has a row for every variable, and no path of this machine', () => {
  const table = configTable();
  for (const name of ['HOST', 'PORT', 'REDIS_URL', 'MAX_CONNECTIONS']) expect(table).toContain(`| \`${name}\` |`);
  expect(table).toContain('`models/weights`');
  expect(table).not.toContain(process.cwd());
});
