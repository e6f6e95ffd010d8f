import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../config.ts';
import { SessionRecords } from '../records/session-records.ts';
import { OutageLog } from '../telemetry/outage-log.ts';
import { openStores } from './stores.ts';
import type { Stores } from './stores.ts';

const log = pino({ level: 'silent' });
let folder: string;
let stores: Stores | null;
beforeEach(() => {
  stores = null;
  folder = mkdtempSync(join(tmpdir(), 'invigil-stores-'));
  for (const name of ['data', 'dumps']) mkdirSync(join(folder, name));
});
afterEach(async () => {
  await stores?.checkpoints.close();
  await stores?.hotFrames.close();
  await stores?.database.close();
  rmSync(folder, { recursive: true, force: true });
});

const data = (name: string): string => join(folder, 'data', name);
const spoil = (name: string): void => writeFileSync(data(name), 'this is no database '.repeat(500));
const createExams = (path: string): void => {
  const db = new Database(path);
  db.exec(
    "CREATE TABLE sessions (session_id TEXT); CREATE TABLE exams (exam_id TEXT); INSERT INTO exams VALUES ('physics')",
  );
  db.close();
};
const open = (): Stores => {
  const config = loadConfig({ DATA_DIR: join(folder, 'data'), DUMP_DIR: join(folder, 'dumps') });
  return (stores = openStores(config, log, new OutageLog(log, Date.now), () => 7));
};

test('damaged checkpoints are moved aside and made again', async () => {
  spoil('analysis.db');
  const { checkpoints } = open();
  expect(await checkpoints.load('some-session')).toBeNull();
  expect(readdirSync(join(folder, 'data'))).toContain('analysis.db.damaged-7');
});

test.each(['frames.db', 'records.db'])('a damaged %s stops the start with the file’s name', (name) => {
  spoil(name);
  expect(open).toThrow(`${data(name)} is damaged; restore it`);
});

test.each([
  ['is missing', 'missing', () => undefined],
  ['knows no session', 'empty', () => writeFileSync(data('records.db'), '')],
  ['knows no session', 'other', () => createExams(data('records.db'))],
])('a records.db that %s stops the start while there are dumps of sessions: %s records', (state, _name, prepare) => {
  prepare();
  writeFileSync(join(folder, 'dumps', 'some-session_frames.json'), '{}');
  expect(open).toThrow(new RegExp(`records\\.db ${state}, but DUMP_DIR \\(.*\\) holds 1 dumps of earlier sessions`));
});

test('records that know sessions start, whatever dumps there are', async () => {
  const { database } = open();
  await new SessionRecords(database).create({
    sessionId: 'known',
    examId: null,
    memberId: null,
    startedAt: '2026-01-05T09:00:00.000Z',
    actor: 'tina',
  });
  writeFileSync(join(folder, 'dumps', 'some-session_frames.json'), '{}');
  await stores?.checkpoints.close();
  await stores?.hotFrames.close();
  await database.close();
  await expect(open().database.check()).resolves.toBeUndefined();
});

test.each(['frames.db', 'records.db', 'records.db-wal'])('a folder in place of %s stops the start', (name) => {
  mkdirSync(data(name));
  expect(open).toThrow(`${data(name)} is not a file`);
});

test('records that are removed while the server runs show in its health', async () => {
  const { database, hotFrames: frames } = open();
  await database.check();
  await frames.check();
  for (const name of ['records.db', 'frames.db']) rmSync(data(name));
  await expect(database.check()).rejects.toMatchObject({ cause: 'records.db was removed' });
  await expect(frames.check()).rejects.toMatchObject({ cause: 'frames.db was removed' });
});
