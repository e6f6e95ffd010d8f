import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { localBus } from '../../test/local-bus.ts';
import type { Bus } from '../bus/bus.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { StaffSessionRecords } from '../records/staff-session-records.ts';
import { StaffSessions } from './staff-sessions.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

let database: RecordsDatabase;
let records: StaffSessionRecords;
let bus: Bus;
let sessions: StaffSessions;
let token: string;
let nowMs: number;
const log = pino({ level: 'silent' });
const secret = async () => new Uint8Array(32).fill(7);

beforeEach(async () => {
  nowMs = Date.UTC(2026, 0, 5, 9);
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
  records = new StaffSessionRecords(database);
  bus = localBus();
  sessions = new StaffSessions({ records, bus, secret, lifetimeSeconds: 3600, log, now: () => nowMs });
  const user = { issuer: 'https://id.example.edu', subject: 'hill', providerSession: null, idToken: '' };
  const { cookie } = await sessions.begin(user, { userId: 'hill', role: 'TEACHER' });
  token = await sessions.issue((await sessions.find(cookie))!);
});
afterEach(async () => {
  vi.useRealTimers();
  await bus.close();
  await database.close();
});
afterAll(removeFolders);

test('a session that ended while the bus lost its news is noticed within a minute', async () => {
  const principal = await sessions.verify(token, nowMs);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(principal?.signedOut?.aborted).toBe(false);
  await records.endAll({ issuer: 'https://id.example.edu', subject: 'hill' });
  vi.advanceTimersByTime(60_000);
  await waitUntil(() => principal?.signedOut?.aborted);
});

test('a session that ended while the bus was interrupted is noticed once the bus is back', async () => {
  const onHealed = vi.spyOn(bus, 'onHealed');
  const options = { records, bus, secret, lifetimeSeconds: 3600, log, now: () => nowMs };
  const principal = await new StaffSessions(options).verify(token, nowMs);
  await records.endAll({ issuer: 'https://id.example.edu', subject: 'hill' });
  expect(principal?.signedOut?.aborted).toBe(false);
  for (const [listener] of onHealed.mock.calls) listener();
  await waitUntil(() => principal?.signedOut?.aborted);
});

test('a sign-out while a token is being verified is not missed', async () => {
  const find = records.find.bind(records);
  records.find = async (id, at) => {
    const found = await find(id, at);
    await sessions.endAll({ issuer: 'https://id.example.edu', subject: 'hill' });
    return found;
  };
  const principal = await sessions.verify(token, nowMs);
  expect(principal?.signedOut?.aborted).toBe(true);
});

test('an expired session is deleted with the provider’s token, although nobody signs in again', async () => {
  const left = () => database.run((db) => db.selectFrom('staff_sessions').select('id_token').execute());
  nowMs += 3_600_000;
  expect(await left()).toHaveLength(1);
  vi.advanceTimersByTime(60_000);
  await waitUntil(async () => (await left()).length === 0);
});
