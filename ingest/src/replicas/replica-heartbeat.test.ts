import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RecordsDatabase } from '../records/records-database.ts';
import { ReplicaRecords } from '../records/replica-records.ts';
import { recordBeatMs, recordSilenceMs } from './liveness.ts';
import { ReplicaHeartbeat } from './replica-heartbeat.ts';
import type { ReplicaRows } from './replica-heartbeat.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

let folder: string;
let database: RecordsDatabase;
let records: ReplicaRecords;
let nowMs: number;
let events: string[];
let heartbeats: ReplicaHeartbeat[];
const log = pino({ level: 'info' }, { write: (line) => void events.push(JSON.parse(line).event) });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  folder = mkdtempSync(join(tmpdir(), 'invigil-heartbeat-'));
  database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
  records = new ReplicaRecords(database);
  nowMs = Date.UTC(2026, 0, 5, 9);
  events = [];
  heartbeats = [];
});
afterEach(async () => {
  vi.useRealTimers();
  for (const heartbeat of heartbeats) await heartbeat.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = (replicaId: string): ReplicaHeartbeat => {
  const heartbeat = new ReplicaHeartbeat({ replicaId, records, log, now: () => nowMs });
  heartbeats.push(heartbeat);
  return heartbeat;
};
const alive = async (): Promise<string[]> => {
  const rows = await database.run((db) => db.selectFrom('replicas').select('replica_id').execute());
  return rows.map(({ replica_id }) => replica_id).toSorted();
};
/** Counts its calls. */
const rows = () => ({
  restored: 0,
  retried: 0,
  cleared: 0,
  async restore() {
    this.restored += 1;
  },
  async retry() {
    this.retried += 1;
  },
  async removeOrphans() {
    this.cleared += 1;
  },
});

test('is listed before it writes its first row, and no longer after it closes', async () => {
  const heartbeat = start('a');
  await heartbeat.register();
  expect(await alive()).toEqual(['a']);
  await heartbeat.close();
  expect(await alive()).toEqual([]);
});

/** Lets the heartbeat run its next round. */
const round = async (owner: ReturnType<typeof rows>): Promise<void> => {
  const { cleared } = owner;
  vi.advanceTimersByTime(recordBeatMs);
  await waitUntil(() => owner.cleared > cleared);
};

test('declares a silent replica dead, and makes every owner remove its rows', async () => {
  await records.beat('silent', new Date(nowMs).toISOString());
  const owners = [rows(), rows()] as const;
  const heartbeat = start('a');
  heartbeat.add(owners[0], 'attendance.failed');
  heartbeat.add(owners[1], 'presence.sweep_failed');
  await waitUntil(() => owners.every(({ cleared }) => cleared > 0));
  expect(await alive()).toEqual(['a', 'silent']);
  nowMs += recordSilenceMs + 1;
  await round(owners[0]);
  await waitUntil(() => owners[1].cleared > 1);
  expect(await alive()).toEqual(['a']);
  expect(owners.map(({ restored }) => restored)).toEqual([0, 0]);
});

test('keeps a replica that beats in time, however wrong its clock', async () => {
  const yearMs = 365 * 86_400_000;
  await records.beat('other', new Date(nowMs - yearMs).toISOString());
  const owner = rows();
  start('a').add(owner, 'attendance.failed');
  await waitUntil(() => owner.cleared > 0);
  for (let count = 1; count < 4; count += 1) {
    nowMs += recordSilenceMs - 1;
    await records.beat('other', new Date(nowMs - count * yearMs).toISOString());
    await round(owner);
    expect(await alive()).toEqual(['a', 'other']);
  }
});

test('restores its rows when the other replicas had declared it dead', async () => {
  const owner = rows();
  start('a').add(owner, 'attendance.failed');
  await waitUntil(() => owner.cleared > 0);
  await records.remove('a');
  vi.advanceTimersByTime(recordBeatMs);
  await waitUntil(() => owner.restored > 0);
  expect(await alive()).toEqual(['a']);
});

test('continues with the other owners when one fails, and logs that one’s event', async () => {
  const broken: ReplicaRows = { ...rows(), retry: () => Promise.reject(new Error('no records')) };
  const owner = rows();
  const heartbeat = start('a');
  heartbeat.add(broken, 'attendance.failed');
  heartbeat.add(owner, 'presence.sweep_failed');
  await waitUntil(() => owner.cleared > 0);
  expect(events).toEqual(['attendance.failed']);
});
