import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ProctorError } from '../errors/proctor-error.ts';
import { openOutbox } from './open-outbox.ts';

const limits = { maxFrames: 100, maxBytes: 100_000, maxCachedBytes: 10_000 };

/** What a browser's `indexedDB.open` does, in place of the real one. */
const withDatabase = (open: () => unknown): void => {
  // The library that opens the database compares requests with these classes.
  for (const name of ['IDBRequest', 'IDBDatabase', 'IDBObjectStore', 'IDBIndex', 'IDBCursor', 'IDBTransaction']) {
    vi.stubGlobal(name, class extends EventTarget {});
  }
  vi.stubGlobal('indexedDB', { open });
};

const opened = async () => {
  const errors: ProctorError[] = [];
  const opening = openOutbox({ sessionId: 's', nowMs: 0, ...limits, onError: (error) => errors.push(error) });
  await vi.advanceTimersByTimeAsync(10_000);
  return { outbox: await opening, errors };
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('keeps frames in memory if the browser has no database, and reports it once', async () => {
  const { outbox, errors } = await opened();
  expect(outbox.storage).toBe('memory');
  expect(errors.map(({ reason, recoverable }) => [reason, recoverable])).toEqual([['storage_unavailable', true]]);
});

test('keeps frames in memory where a private window refuses the database', async () => {
  const denied = new DOMException('denied', 'SecurityError');
  withDatabase(() => {
    throw denied;
  });
  const { outbox, errors } = await opened();
  expect(outbox.storage).toBe('memory');
  expect(errors[0]?.cause).toBe(denied);
});

test('names a full disk as such', async () => {
  withDatabase(() => {
    throw new DOMException('no space', 'QuotaExceededError');
  });
  const { outbox, errors } = await opened();
  expect(outbox.storage).toBe('memory');
  expect(errors.map(({ reason }) => reason)).toEqual(['storage_full']);
});

test('gives up after four seconds on a database that never opens', async () => {
  withDatabase(() => new IDBRequest());
  const errors: ProctorError[] = [];
  const opening = openOutbox({ sessionId: 's', nowMs: 0, ...limits, onError: (error) => errors.push(error) });
  await vi.advanceTimersByTimeAsync(3999);
  expect(errors).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect((await opening).storage).toBe('memory');
  expect(String(errors[0]?.cause)).toContain('indexedDB.open gave no answer');
});

test('closes a database that opens after it was given up', async () => {
  let close = 0;
  let request: EventTarget & { result: unknown } = Object.assign(new EventTarget(), { result: null });
  withDatabase(() => (request = Object.assign(new IDBRequest(), { result: null })));
  const { outbox } = await opened();
  expect(outbox.storage).toBe('memory');
  request.result = Object.assign(new IDBDatabase(), { close: () => (close += 1) });
  request.dispatchEvent(new Event('success'));
  await vi.advanceTimersByTimeAsync(0);
  expect(close).toBe(1);
});

test('an outbox in memory takes and offers frames like any other', async () => {
  const { outbox } = await opened();
  outbox.append({ seq: 0, timestamp: 1, no_of_face: 1 });
  await outbox.flush();
  expect(await outbox.read([0])).toEqual([{ seq: 0, timestamp: 1, no_of_face: 1 }]);
});
