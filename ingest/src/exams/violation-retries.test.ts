import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SeenViolation } from './violation-times.ts';
import { ViolationRetries } from './violation-retries.ts';

let written: [string, number][];
let failing: Set<string>;
let logged: Record<string, unknown>[];
let onWrite: () => Promise<void>;
let retries: ViolationRetries;

const seen = (...times: number[]): SeenViolation[] => times.map((atMs) => ({ type: 'TAB_SWITCH', atMs }));

beforeEach(() => {
  vi.useFakeTimers();
  [written, failing, logged, onWrite] = [[], new Set(), [], async () => undefined];
  retries = new ViolationRetries({
    async write(sessionId, violations) {
      await onWrite();
      if (failing.has(sessionId)) throw new Error('the records are away');
      written.push([sessionId, violations.length]);
    },
    log: pino({ level: 'warn' }, { write: (line) => void logged.push(JSON.parse(line)) }),
  });
});
afterEach(async () => {
  failing.clear();
  await retries.close();
  vi.useRealTimers();
});

describe('violations that could not be written', () => {
  test('are written after five seconds, each session’s in one write', async () => {
    retries.add('s1', seen(0, 5000));
    retries.add('s2', seen(0));
    retries.add('s1', seen(9000));
    await vi.advanceTimersByTimeAsync(4999);
    expect(written).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(written).toEqual([
      ['s1', 3],
      ['s2', 1],
    ]);
    expect(retries.isEmpty).toBe(true);
  });

  test('are kept if they fail again, and the rest of the round is left for later', async () => {
    failing.add('s1');
    retries.add('s1', seen(0));
    retries.add('s2', seen(0));
    await retries.retry();
    expect(written).toEqual([]);
    expect(logged.map(({ event }) => event)).toEqual(['violations.not_recorded']);
    failing.clear();
    await retries.retry();
    expect(new Set(written.map(([id]) => id))).toEqual(new Set(['s1', 's2']));
  });

  test('do not keep other sessions waiting if one session fails for ever', async () => {
    failing.add('s1');
    retries.add('s1', seen(0));
    retries.add('s2', seen(0));
    await retries.retry();
    await retries.retry();
    expect(written).toEqual([['s2', 1]]);
    expect(retries.isEmpty).toBe(false);
  });

  test('that arrive during a failing write are merged with the earlier ones', async () => {
    failing.add('s1');
    retries.add('s1', seen(0));
    onWrite = async () => retries.add('s1', seen(5000));
    await retries.retry();
    onWrite = async () => undefined;
    failing.clear();
    await retries.retry();
    expect(written).toEqual([['s1', 2]]);
  });

  test('are written once by two rounds at the same time', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    onWrite = () => held;
    retries.add('s1', seen(0));
    const rounds = [retries.retry(), retries.retry()];
    release();
    await Promise.all(rounds);
    expect(written).toEqual([['s1', 1]]);
  });

  test('get a last attempt when the server stops', async () => {
    retries.add('s1', seen(0));
    await retries.close();
    expect(written).toEqual([['s1', 1]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('beyond 100,000 are left for the end of their session, which is logged', async () => {
    retries.add('s1', seen(...Array.from({ length: 100_000 }, (_, at) => at * 1000)));
    retries.add('s2', seen(0));
    expect(logged).toMatchObject([{ event: 'violations.left_for_end', session_id: 's2' }]);
    await retries.retry();
    expect(written).toEqual([['s1', 100_000]]);
    retries.add('s2', seen(0));
    expect(logged).toHaveLength(1);
    expect(retries.isEmpty).toBe(false);
  });
});
