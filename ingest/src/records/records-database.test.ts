import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import Database from 'libsql';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { RecordsDatabase } from './records-database.ts';

let file: string;
let failures: unknown[];
let database: RecordsDatabase;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'invigil-records-'));
  file = join(folder, 'records.db');
  failures = [];
  database = new RecordsDatabase({ kind: 'sqlite', file }, (error) => failures.push(error));
  onTestFinished(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });
});

test('a driver’s error text goes to the log, not to clients', async () => {
  const work = database.run((db) => sql`select * from secret_place`.execute(db));
  await expect(work).rejects.toMatchObject({ reason: 'records_unavailable', message: 'the records do not answer' });
  expect(failures).toMatchObject([{ cause: { message: expect.stringContaining('secret_place') } }]);
});

test('a transaction that reads before it writes cannot be overtaken by another process’s write', async () => {
  const insert = (value: string): string => `insert into notes values ('${value}')`;
  await database.run((db) => sql`create table notes (text text)`.execute(db));
  const other = new Database(file, { timeout: 0 });
  onTestFinished(() => void other.close());
  await database.run((db) =>
    db.transaction().execute(async (transaction) => {
      await sql`select * from notes`.execute(transaction);
      expect(() => other.exec(insert('other'))).toThrow('locked');
      await sql.raw(insert('own')).execute(transaction);
    }),
  );
  other.exec(insert('other'));
  const { rows } = await database.run((db) => sql`select text from notes`.execute(db));
  expect(rows).toMatchObject([{ text: 'own' }, { text: 'other' }]);
});
