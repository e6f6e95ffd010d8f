import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import type { Compilable, Kysely } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { placesQuery } from './attendance-records.ts';
import { messagesQuery } from './guidance-records.ts';
import { RecordsDatabase } from './records-database.ts';
import type { Tables } from './tables.ts';

let folder: string;
let database: RecordsDatabase;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'invigil-plans-'));
  database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const ids = Array.from({ length: 32 }, (_, index) => `id-${index}`);

const planOf = (query: (db: Kysely<Tables>) => Compilable): Promise<string> =>
  database.run(async (db) => {
    const { sql, parameters } = query(db).compile();
    const { rows } = await db.executeQuery<{ detail: string }>(
      CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
    );
    return rows.map(({ detail }) => detail).join('; ');
  });

const members = ids.map((userId, index) => [`exam-${index % 5}`, userId] as const);

test('a crowd’s connections are read by person and exam, not for everybody in every exam', async () => {
  const plan = await planOf((db) => placesQuery(db, members));
  expect(plan).toContain('(exam_id=? AND is_student=? AND user_id=?)');
  // Two lists would be combined with each other.
  expect(plan.match(/LIST SUBQUERY/g)).toHaveLength(1);
});

test('a crowd of any size is read with the same statement', async () => {
  const texts = await database.run(async (db) =>
    [1, 2, 32].map((size) => placesQuery(db, members.slice(0, size)).compile().sql),
  );
  expect(new Set(texts).size).toBe(1);
});

test('messages to a crowd’s sessions are read by session, not with those of all sessions', async () => {
  expect(await planOf((db) => messagesQuery(db, ids))).toContain('(session_id=?)');
});
