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

test('ends overtake the requests of a user who asks for many, and what finds no room is refused', async () => {
  const pool = open({ requestsPerOwner: 2, ends: 1 });
  const { gate, open: openGate } = gated();
  const order: string[] = [];
  const run = async (name: string, owner: string | null): Promise<void> => {
    order.push(await pool.run('hold', { gate, name }, owner));
  };
  const running = run('ada 1', 'ada');
  const waiting = [run('ada 2', 'ada'), run('ada 3', 'ada'), run('kim', 'kim'), run('end', null)];
  const busy = { reason: 'busy', message: 'too many analyses wait; try again later' };
  await expect(run('ada 4', 'ada')).rejects.toMatchObject(busy);
  await expect(run('end 2', null)).rejects.toMatchObject(busy);
  expect({ running: pool.running, waiting: pool.queue.size() }).toEqual({ running: 1, waiting: 4 });
  openGate();
  await Promise.all([running, ...waiting]);
  expect(order).toEqual(['ada 1', 'end', 'ada 2', 'kim', 'ada 3']);
});

test('requests leave the last of several threads to ends', async () => {
  const pool = open({}, 2);
  const { gate, open: openGate } = gated();
  const requests = ['ada', 'kim'].map((name) => pool.run('hold', { gate, name }, name));
  expect(await pool.run('where', undefined, null)).toMatchObject({ isMainThread: false });
  expect({ running: pool.running, waiting: pool.queue.size() }).toEqual({ running: 1, waiting: 1 });
  openGate();
  expect(await Promise.all(requests)).toEqual(['ada', 'kim']);
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
  const pool = open({ runMs: 50 });
  const held = gated();
  const deadline = new AbortController();
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(deadline.signal);
  const stopped = errorOf(pool.run('hold', { gate: held.gate, name: 'endless' }, 'ada'));
  expect(timeout).toHaveBeenCalledWith(50);
  timeout.mockReturnValue(new AbortController().signal);
  await held.reached();
  deadline.abort();
  expect(await stopped).toMatchObject({ message: 'the job hold took longer than 0.05 s and was stopped' });
  expect(await pool.run('where', undefined, 'ada')).toMatchObject({ isMainThread: false });
});

test('a thread that cannot start rejects the job', async () => {
  const pool: Pool = new ThreadPool({ file, threads: 1, threadArguments: ['--import', './missing.js'], limits: room });
  pools.push(pool);
  await expect(pool.run('where', undefined, null)).rejects.toThrow('the job where could not start');
  await expect(pool.run('where', undefined, null)).rejects.toThrow('the job where could not start');
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
