import { getEventListeners } from 'node:events';
import { Piscina } from 'piscina';
import { afterEach, expect, test, vi } from 'vitest';
import { sourceArguments } from '@invigil/testkit/source-arguments';
import type * as threadJobs from '../../test/thread-jobs.ts';
import { ThreadPool } from './thread-pool.ts';
import type { ThreadPoolLimits } from './thread-pool.ts';

type Pool = ThreadPool<typeof threadJobs>;

const file = new URL('../../test/thread-jobs.ts', import.meta.url);
const room = { requests: 20, requestsPerOwner: 4 };
const pools: Pool[] = [];
const open = (limits: Partial<ThreadPoolLimits> = {}, threads = 1): Pool => {
  const pool: Pool = new ThreadPool({
    work: 'analyses',
    file,
    threads,
    threadArguments: sourceArguments,
    limits: { ...room, ...limits },
  });
  pools.push(pool);
  return pool;
};
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const pool of pools.splice(0)) await pool.close();
});

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

/** Jobs that run until `open()`. */
const gated = () => {
  const gate = new SharedArrayBuffer(8);
  const state = new Int32Array(gate);
  return {
    gate,
    /** Resolves when a job has reached the gate. */
    async reached(): Promise<void> {
      await expect.poll(() => Atomics.load(state, 1)).toBe(1);
    },
    open: (): void => {
      Atomics.store(state, 0, 1);
      Atomics.notify(state, 0);
    },
  };
};

test('runs jobs in one thread, which starts with the first and is not the main thread', async () => {
  const pool = open();
  const first = await pool.run('where', undefined, null);
  expect(first).toMatchObject({ isMainThread: false });
  expect(await pool.run('where', undefined, 'ada')).toEqual(first);
});

test('an error of the job keeps its reason, others their message', async () => {
  const pool = open();
  await expect(pool.run('refuse', undefined, 'ada')).rejects.toMatchObject({
    name: 'IngestError',
    reason: 'not_a_dump',
    message: 'no dump',
  });
  await expect(pool.run('fail', undefined, 'ada')).rejects.toThrow('broken');
});

test('ends overtake the requests of a user who asks for many, and jobs beyond the limits are refused', async () => {
  const pool = open({ requestsPerOwner: 2, ends: 1 });
  const { gate, open: openGate } = gated();
  const order: string[] = [];
  const run = async (name: string, owner: string | null): Promise<void> => {
    order.push(await pool.run('hold', { gate, name }, owner));
  };
  const running = run('end 1', null);
  const waiting = [run('ada 2', 'ada'), run('ada 3', 'ada'), run('kim', 'kim'), run('end', null)];
  const busy = { reason: 'busy', message: 'too many analyses are already queued; try again later' };
  await expect(run('ada 4', 'ada')).rejects.toMatchObject(busy);
  await expect(run('end 2', null)).rejects.toMatchObject(busy);
  expect({ running: pool.running, waiting: pool.queue.size() }).toEqual({ running: 1, waiting: 4 });
  openGate();
  await Promise.all([running, ...waiting]);
  expect(order).toEqual(['end 1', 'end', 'ada 2', 'kim', 'ada 3']);
});

test('while requests use all threads, one end runs beside them', async () => {
  const pool = open({}, 1);
  const { gate, open: openGate } = gated();
  const requests = ['ada', 'kim'].map((name) => pool.run('hold', { gate, name }, name));
  const ends = ['end 1', 'end 2'].map((name) => pool.run('hold', { gate, name }, null));
  expect({ running: pool.running, waiting: pool.queue.size() }).toEqual({ running: 2, waiting: 2 });
  openGate();
  expect(await Promise.all([...requests, ...ends])).toEqual(['ada', 'kim', 'end 1', 'end 2']);
});

test('when the queue is full, the analysis of another user replaces the last one of the user with the most', async () => {
  const pool = open({ requests: 2 });
  const { gate, open: openGate } = gated();
  const run = (name: string, owner: string) => pool.run('hold', { gate, name }, owner);
  const kept = [run('running', 'kim'), run('ada 1', 'ada')];
  const replaced = errorOf(run('ada 2', 'ada'));
  kept.push(run('kim 1', 'kim'));
  expect(await replaced).toMatchObject({ reason: 'busy' });
  openGate();
  expect(await Promise.all(kept)).toEqual(['running', 'ada 1', 'kim 1']);
});

test('a finished job leaves no timers and no listeners behind', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const pool = open({ idleMs: Infinity });
  const composed = vi.spyOn(AbortSignal, 'any');
  const timeouts = vi.spyOn(AbortSignal, 'timeout');
  const runs = vi.spyOn(Piscina.prototype, 'run');
  await pool.run('where', undefined, 'ada');
  await errorOf(pool.run('fail', undefined, 'ada'));
  expect(vi.getTimerCount()).toBe(0);
  const signals = runs.mock.calls.map(([, options]) => options?.signal as AbortSignal);
  expect(signals.map((signal) => getEventListeners(signal, 'abort').length)).toEqual([0, 0]);
  // Signals composed of ones that live as long as the process are never freed.
  expect([composed.mock.calls, timeouts.mock.calls]).toEqual([[], []]);
});

test('a request that waits too long is refused; an end is not', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const pool = open({ waitMs: 5000 });
  const { gate, open: openGate } = gated();
  const running = pool.run('hold', { gate, name: 'running' }, 'ada');
  const late = errorOf(pool.run('where', undefined, 'kim'));
  const end = pool.run('where', undefined, null);
  vi.advanceTimersByTime(5000);
  expect(await late).toMatchObject({ reason: 'busy' });
  vi.useRealTimers();
  openGate();
  expect(await running).toBe('running');
  expect(await end).toMatchObject({ isMainThread: false });
});

test.each([
  ['exhaustMemory', 'the job exhaustMemory needs more than 32 MiB and was stopped'],
  ['exitProcess', 'the job exitProcess failed: worker exited with code: 7'],
] as const)('a thread that fails rejects its job, and the next one works (%s)', async (name, message) => {
  const pool = open({ memoryMb: 32 });
  await expect(pool.run(name, undefined, 'ada')).rejects.toThrow(message);
  expect(await pool.run('where', undefined, 'ada')).toMatchObject({ isMainThread: false });
});

test('a job that runs too long is stopped with its thread, and the next one works', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const pool = open({ runMs: 60_000 });
  const held = gated();
  const stopped = errorOf(pool.run('hold', { gate: held.gate, name: 'endless' }, 'ada'));
  await held.reached();
  vi.advanceTimersByTime(60_000);
  expect(await stopped).toMatchObject({ message: 'the job hold took longer than 60 s and was stopped' });
  expect(await pool.run('where', undefined, 'ada')).toMatchObject({ isMainThread: false });
});

test('threads that cannot start reject their jobs, and their later errors do not affect other threads', async () => {
  const threadArguments = ['--import', './missing.js'];
  const pool: Pool = new ThreadPool({ work: 'analyses', file, threads: 2, threadArguments, limits: room });
  pools.push(pool);
  const created = vi.spyOn(Piscina.prototype, 'run');
  const failed = ['ada', 'kim'].map((owner) => errorOf(pool.run('where', undefined, owner)));
  const unable = { name: 'ThreadFailure', message: expect.stringContaining('the job where could not start') };
  expect(await Promise.all(failed)).toMatchObject([unable, unable]);
  const [broken] = created.mock.contexts as Piscina[];
  threadArguments.splice(0, 2, ...(sourceArguments ?? []));
  const held = gated();
  const running = pool.run('hold', { gate: held.gate, name: 'running' }, 'ada');
  await held.reached();
  broken?.emit('error', new Error('the other thread failed too'));
  held.open();
  expect(await running).toBe('running');
});

test('a pool that cannot be opened rejects the job, is opened again by the next, and can be closed', async () => {
  let opened = 0;
  const threadArguments = Object.assign([...(sourceArguments ?? [])], {
    *[Symbol.iterator](this: string[]) {
      opened += 1;
      if (opened !== 2) throw new Error('not now');
      for (let at = 0; at < this.length; at += 1) yield this[at]!;
    },
  });
  const openable = (): Pool => new ThreadPool({ work: 'analyses', file, threads: 1, threadArguments, limits: room });
  const pool = openable();
  pools.push(pool);
  await expect(pool.run('where', undefined, null)).rejects.toThrow('not now');
  expect(await pool.run('where', undefined, null)).toMatchObject({ isMainThread: false });
  const unopened = openable();
  const refused = errorOf(unopened.run('where', undefined, null));
  await unopened.close();
  expect(await refused).toMatchObject({ reason: 'busy' });
});

test('closing rejects jobs that wait or run, and later ones', async () => {
  const pool = open();
  const held = gated();
  const { gate } = held;
  const refused = ['running', 'waiting'].map((name) => errorOf(pool.run('hold', { gate, name }, null)));
  await held.reached();
  await pool.close();
  expect(await Promise.all(refused)).toMatchObject([{ reason: 'busy' }, { reason: 'busy' }]);
  await expect(pool.run('where', undefined, null)).rejects.toMatchObject({ reason: 'busy' });
});
