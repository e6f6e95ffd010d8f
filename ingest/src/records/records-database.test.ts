import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { RecordsDatabase } from './records-database.ts';

test('a driver’s error text goes to the log, not to clients', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'invigil-records-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const failures: unknown[] = [];
  const database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') }, (error) =>
    failures.push(error),
  );
  const work = database.run((db) => sql`select * from secret_place`.execute(db));
  await expect(work).rejects.toMatchObject({ reason: 'records_unavailable', message: 'the records do not answer' });
  expect(failures).toMatchObject([{ cause: { message: expect.stringContaining('secret_place') } }]);
  await database.close();
});
