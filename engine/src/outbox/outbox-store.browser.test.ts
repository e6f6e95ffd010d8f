import { deleteDB, openDB } from 'idb';
import { afterEach, describe, expect, test } from 'vitest';
import { IndexedOutboxStore } from './indexed-outbox-store.ts';
import { MemoryOutboxStore } from './memory-outbox-store.ts';
import { outboxEntry } from './outbox-entry.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import type { OutboxHead, OutboxStore } from './outbox-store.ts';

const head: OutboxHead = {
  nextSeq: 7,
  lastTimestampMs: 1_800_000_000_000,
  guarded: [{ id: 'face_absent-3', fromMs: 1, toMs: null }],
  lost: { rejected: 2 },
};
const entry = (seq: number): OutboxEntry => outboxEntry({ seq, timestamp: 1000 + seq });
const entries = (from: number, to: number): OutboxEntry[] =>
  Array.from({ length: to - from + 1 }, (_, index) => entry(from + index));

const nowMs = 1_800_000_000_000;
const memories = new Map<string, MemoryOutboxStore>();
const stores: Record<string, (sessionId: string) => Promise<OutboxStore>> = {
  indexeddb: (sessionId) => IndexedOutboxStore.open(sessionId, nowMs),
  memory: async (sessionId) => {
    const store = memories.get(sessionId) ?? new MemoryOutboxStore();
    memories.set(sessionId, store);
    return store;
  },
};
const opened: OutboxStore[] = [];

afterEach(async () => {
  for (const store of opened.splice(0)) store.close();
  memories.clear();
  await deleteDB('invigil-outbox');
});

describe.each(Object.entries(stores))('outbox store: %s', (kind, openNew) => {
  const open = async (sessionId = 'one'): Promise<OutboxStore> => {
    const store = await openNew(sessionId);
    opened.push(store);
    return store;
  };

  test('is empty at first', async () => {
    const store = await open();
    expect(store.kind).toBe(kind);
    expect(await store.load()).toEqual({ head: null, lostRanges: [], entries: [] });
  });

  test('returns the stored entries in order, to the next page too', async () => {
    const first = await open();
    await first.write({ put: [entry(12), entry(2), entry(3)], remove: [], head, lostRanges: null });
    const second = await open();
    const loaded = await second.load();
    expect(loaded.head).toEqual(head);
    expect(loaded.entries.map(({ seq, timestampMs, bytes }) => [seq, timestampMs, bytes])).toEqual([
      [2, 1002, 26],
      [3, 1003, 26],
      [12, 1012, 27],
    ]);
    expect(await second.read(3, 12)).toEqual([entry(3), entry(12)]);
    expect(await second.read(3, Infinity)).toEqual([entry(3), entry(12)]);
  });

  test('removes ranges before it puts', async () => {
    const store = await open();
    await store.write({ put: entries(0, 9), remove: [], head, lostRanges: null });
    const remove: [number, number][] = [
      [0, 3],
      [6, 6],
    ];
    await store.write({ put: [entry(2)], remove, head, lostRanges: null });
    expect((await store.read(0, 100)).map(({ seq }) => seq)).toEqual([2, 4, 5, 7, 8, 9]);
  });

  test('keeps losses until they are replaced', async () => {
    const store = await open();
    const lostRanges = [{ reason: 'outbox_full' as const, seqs: [1, 5] as [number, number] }];
    await store.write({ put: [], remove: [], head, lostRanges });
    await store.write({ put: [], remove: [], head, lostRanges: null });
    expect((await store.load()).lostRanges).toEqual(lostRanges);
    await store.write({ put: [], remove: [], head, lostRanges: [] });
    expect((await store.load()).lostRanges).toEqual([]);
  });

  test('keeps sessions apart', async () => {
    const one = await open('one');
    const other = await open('other');
    await one.write({ put: entries(0, 3), remove: [], head, lostRanges: null });
    await other.write({ put: entries(2, 2), remove: [[0, 100]], head, lostRanges: null });
    expect((await one.load()).entries).toHaveLength(4);
    expect((await other.load()).entries).toHaveLength(1);
  });

  test('accepts a long backlog', async () => {
    const store = await open();
    await store.write({ put: entries(0, 2499), remove: [], head, lostRanges: null });
    const { entries: loaded } = await store.load();
    expect(loaded).toHaveLength(2500);
    expect(loaded.every(({ seq }, index) => seq === index)).toBe(true);
  });
});

test('IndexedDB: an abandoned session is deleted after two weeks', async () => {
  const old = await IndexedOutboxStore.open('old', nowMs);
  opened.push(old);
  await old.write({ put: entries(0, 3), remove: [], head, lostRanges: [{ reason: 'rejected', seqs: [4, 4] }] });
  opened.push(await IndexedOutboxStore.open('new', nowMs + 13 * 86_400_000));
  expect((await old.load()).entries).toHaveLength(4);
  opened.push(await IndexedOutboxStore.open('new', nowMs + 15 * 86_400_000));
  expect(await old.load()).toEqual({ head: null, lostRanges: [], entries: [] });
});

test('IndexedDB: frames that version 1 stored are still delivered', async () => {
  const old = await openDB('invigil-outbox', 1, {
    upgrade(database) {
      database.createObjectStore('frames', { keyPath: ['sessionId', 'seq'] });
      database.createObjectStore('heads', { keyPath: 'sessionId' });
      database.createObjectStore('losses', { keyPath: 'sessionId' });
    },
  });
  for (const seq of [0, 1]) {
    const json = JSON.stringify({ timestamp: 1000 + seq, no_of_face: 1 });
    await old.put('frames', { sessionId: 'one', seq, timestampMs: 1000 + seq, json });
  }
  await old.put('heads', { sessionId: 'one', head, writtenAtMs: nowMs });
  old.close();
  const store = await IndexedOutboxStore.open('one', nowMs);
  opened.push(store);
  expect((await store.load()).head).toEqual(head);
  const frames = [0, 1].map((seq) => outboxEntry({ seq, timestamp: 1000 + seq, no_of_face: 1 }));
  expect(await store.read(0, 9)).toEqual(frames);
});
