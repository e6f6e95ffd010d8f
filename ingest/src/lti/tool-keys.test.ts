import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { LtiToolKeyRecords } from '../records/lti-tool-key-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { ToolKeys } from './tool-keys.ts';

const hourMs = 3_600_000;
const periodMs = 90 * 86_400_000;
/** The beginning of a period. */
const startMs = 230 * periodMs;

/** In order of time: each test goes on with the keys of those before, because making one takes long. */
describe('the keys of the tool', () => {
  let database: RecordsDatabase;
  let keys: ToolKeys;
  let nowMs: number;
  beforeAll(async () => {
    database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
    keys = new ToolKeys({ records: new LtiToolKeyRecords(database), now: () => nowMs });
  });
  afterAll(async () => {
    await database.close();
    await removeFolders();
  });
  beforeEach(() => {
    nowMs = startMs;
  });

  const published = async () => (await keys.published()).keys.map(({ kid }) => kid);
  const signed = async () => {
    const token = await keys.sign({ sub: 'tool' }, { issuer: 'tool', audience: 'lms', seconds: 60 });
    const set = createLocalJWKSet(await keys.published());
    const options = { algorithms: ['RS256'], issuer: 'tool', audience: 'lms', currentDate: new Date(nowMs) };
    return await jwtVerify(token, set, options);
  };

  test('sign with the first one at once', async () => {
    expect((await signed()).protectedHeader.kid).toBe((await published())[0]);
  });

  test('are published without any part of the private key', async () => {
    const [key] = (await keys.published()).keys;
    expect(Object.keys(key ?? {}).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  test('give each token ids of its own', async () => {
    const [first, second] = [(await signed()).payload, (await signed()).payload];
    expect(new Set([first.jti, second.jti, first['nonce'], second['nonce']]).size).toBe(4);
    expect([first.iat, first.exp]).toEqual([nowMs / 1000, nowMs / 1000 + 60]);
  });

  test('sign with a new one only after it was published for an hour, and leave the set after another period', async () => {
    const [old] = await published();
    nowMs = startMs + periodMs - 1;
    expect(await published()).toEqual([old]);
    nowMs += 1;
    const [fresh, second] = await published();
    expect([second, fresh === old]).toEqual([old, false]);
    nowMs += hourMs - 1;
    expect((await signed()).protectedHeader.kid).toBe(old);
    nowMs += 1;
    expect((await signed()).protectedHeader.kid).toBe(fresh);
    nowMs = startMs + 2 * periodMs;
    expect(await published()).toEqual([expect.any(String), fresh]);
  });
});
