import { EventEmitter } from 'node:events';
import { pino } from 'pino';
import { Counter, Gauge, Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PrimaryMessage, WorkerMessage } from './worker-message.ts';
import { WorkerGroup } from './worker-group.ts';
import { WorkerPool } from './worker-pool.ts';
import type { WorkerProcess } from './worker-pool.ts';

const stopWithinMs = 5000;

/** A worker process and its end of the channel, without an operating system between them. */
class LocalWorker implements WorkerProcess {
  readonly id: number;
  readonly group: WorkerGroup;
  readonly registry = new Registry();
  readonly signals: string[] = [];
  /** Whether it ends when it is asked to. */
  stops = true;
  /** Whether it receives messages. */
  hears = true;
  readonly #events = new EventEmitter();
  #ended = false;

  constructor(id: number) {
    this.id = id;
    this.group = new WorkerGroup(id, {
      send: (message, onSent) => {
        if (!this.#ended) this.#events.emit('up', message);
        onSent?.();
      },
      receive: (listener) => void this.#events.on('down', listener),
    });
    this.group.share(this.registry);
  }

  send(message: PrimaryMessage): void {
    if (!this.#ended && this.hears) this.#events.emit('down', message);
  }

  onMessage(listener: (message: WorkerMessage) => void): void {
    this.#events.on('up', listener);
  }

  onExit(listener: (code: number | null, signal: string | null) => void): void {
    this.#events.once('exit', listener);
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.signals.push(signal);
    if (this.stops || signal === 'SIGKILL') this.end(null, signal);
  }

  end(code: number | null = 1, signal: string | null = null): void {
    this.#ended = true;
    this.#events.emit('exit', code, signal);
  }

  get isRunning(): boolean {
    return !this.#ended;
  }
}

let workers: LocalWorker[];
let logged: Record<string, unknown>[];
let pool: WorkerPool;

beforeEach(() => {
  vi.useFakeTimers({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  workers = [];
  logged = [];
});
afterEach(async () => {
  for (const worker of workers) worker.stops = true;
  await pool.close();
  vi.useRealTimers();
});

const open = (count: number): WorkerPool => {
  const lines = { write: (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>) };
  return new WorkerPool({
    count,
    fork: () => {
      const worker = new LocalWorker(workers.length + 1);
      workers.push(worker);
      return worker;
    },
    log: pino({ level: 'info' }, lines),
    stopWithinMs,
    now: Date.now,
  });
};

const started = async (count: number): Promise<LocalWorker[]> => {
  pool = open(count);
  const starting = pool.start();
  const first = [...workers];
  for (const worker of first) worker.group.ready();
  expect(await starting).toBe(true);
  return first;
};

const running = (): number[] => workers.filter((worker) => worker.isRunning).map(({ id }) => id);
const delays = (): unknown[] =>
  logged.filter(({ event }) => event === 'worker.ended').map(({ restart_in_ms }) => restart_in_ms);
const settle = () => vi.advanceTimersByTimeAsync(0);

describe('starting', () => {
  test('succeeds once every worker is ready, not before', async () => {
    pool = open(2);
    let result: boolean | null = null;
    void pool.start().then((isStarted) => (result = isStarted));
    workers[0]?.group.ready();
    await settle();
    expect(result).toBeNull();
    workers[1]?.group.ready();
    await settle();
    expect(result).toBe(true);
  });

  test('fails if a worker ends first, and stops the others', async () => {
    pool = open(3);
    const starting = pool.start();
    workers[0]?.group.ready();
    workers[1]?.end(1);
    workers[2]?.group.ready();
    expect(await starting).toBe(false);
    expect(running()).toEqual([]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(workers).toHaveLength(3);
  });
});

describe('a worker that ends by itself', () => {
  test('is logged with its exit code and replaced after a delay', async () => {
    const [first] = await started(2);
    first?.end(7);
    expect(logged).toMatchObject([{ event: 'worker.ended', worker: 1, code: 7, signal: null, restart_in_ms: 500 }]);
    await vi.advanceTimersByTimeAsync(499);
    expect(running()).toEqual([2]);
    await vi.advanceTimersByTimeAsync(1);
    expect(running()).toEqual([2, 3]);
  });

  test('is restarted with doubled delays of at most 30 seconds, even if it never becomes ready', async () => {
    const [first] = await started(1);
    first?.end();
    for (let crash = 0; crash < 8; crash += 1) {
      await vi.advanceTimersByTimeAsync(30_000);
      workers.at(-1)?.end();
      await settle();
    }
    expect(delays()).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  test('is restarted soon again if it had run for more than a minute', async () => {
    await started(1);
    for (let crash = 0; crash < 3; crash += 1) {
      workers.at(-1)?.end();
      await vi.advanceTimersByTimeAsync(4000);
      workers.at(-1)?.group.ready();
    }
    await vi.advanceTimersByTimeAsync(60_001);
    workers.at(-1)?.end();
    expect(delays()).toEqual([500, 1000, 2000, 500]);
  });

  test('is not restarted while the server stops', async () => {
    const [first, second] = await started(2);
    second!.stops = false;
    const closing = pool.close();
    expect(first?.signals).toEqual(['SIGTERM']);
    second?.end(1);
    await closing;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(workers).toHaveLength(2);
    expect(logged).toEqual([]);
  });

  test('is not restarted if the server stops during the delay', async () => {
    const [first] = await started(1);
    first?.end();
    await pool.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(workers).toHaveLength(1);
  });
});

describe('stopping', () => {
  test('kills a worker that does not stop in time', async () => {
    const [first, second] = await started(2);
    second!.stops = false;
    const closing = pool.close();
    await vi.advanceTimersByTimeAsync(stopWithinMs - 1);
    expect([first?.signals, second?.signals]).toEqual([['SIGTERM'], ['SIGTERM']]);
    await vi.advanceTimersByTimeAsync(1);
    await closing;
    expect(second?.signals).toEqual(['SIGTERM', 'SIGKILL']);
  });
});

describe('replacing the workers', () => {
  /** Lets each successor become ready as soon as it is started. */
  const readyAll = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) {
      for (const worker of workers) if (worker.isRunning) worker.group.ready();
      await settle();
    }
  };

  test('starts a successor before it stops a worker, one at a time', async () => {
    await started(2);
    const replacing = pool.replaceAll();
    await settle();
    expect(running()).toEqual([1, 2, 3]);
    workers[2]?.group.ready();
    await settle();
    expect(running()).toEqual([2, 3, 4]);
    workers[3]?.group.ready();
    await replacing;
    expect(running()).toEqual([3, 4]);
    expect(logged).toMatchObject([{ event: 'workers.replaced', workers: [3, 4] }]);
  });

  test('asked for twice at once happens once', async () => {
    await started(2);
    const both = Promise.all([pool.replaceAll(), pool.replaceAll()]);
    await readyAll();
    await both;
    expect(running()).toEqual([3, 4]);
    const again = pool.replaceAll();
    await readyAll();
    await again;
    expect(running()).toEqual([5, 6]);
  });

  test.each([
    ['ends', async () => workers[2]?.end(1)],
    ['is not ready in two minutes', async () => void (await vi.advanceTimersByTimeAsync(120_000))],
  ])('keeps the workers if a successor %s', async (_what, fail) => {
    await started(2);
    const replacing = pool.replaceAll();
    await settle();
    await fail();
    await replacing;
    expect(running()).toEqual([1, 2]);
    expect(logged).toMatchObject([{ event: 'workers.replacement_failed', worker: 3 }]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(running()).toEqual([1, 2]);
  });

  test.each([
    ['while its successor starts', 1],
    ['before its turn', 2],
  ])('leaves the right number of workers if one ends %s', async (_when, ending) => {
    await started(2);
    const replacing = pool.replaceAll();
    await settle();
    workers[ending - 1]?.end(1);
    await readyAll();
    await replacing;
    await vi.advanceTimersByTimeAsync(60_000);
    await readyAll();
    expect(running()).toHaveLength(2);
    expect(running()).not.toContain(1);
    await pool.close();
    expect(running()).toEqual([]);
  });

  test('ends when the server stops, and leaves no worker behind', async () => {
    await started(2);
    const replacing = pool.replaceAll();
    await settle();
    await pool.close();
    await replacing;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(running()).toEqual([]);
    expect(workers).toHaveLength(3);
  });
});

describe('a worker that does not answer', () => {
  const events = (): unknown[] => logged.map(({ event, worker }) => [event, worker]);

  test('is reported after three pings, and killed and replaced after 30 seconds', async () => {
    const [first, second] = await started(2);
    second!.hears = false;
    await vi.advanceTimersByTimeAsync(7999);
    await expect(first?.group.check()).resolves.toBeUndefined();
    expect(events()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await expect(first?.group.check()).rejects.toThrow('1 of 2 workers are ready, not responding: 2');
    expect(logged).toMatchObject([{ event: 'worker.unresponsive', worker: 2, kill_in_ms: 24_000 }]);
    await vi.advanceTimersByTimeAsync(23_999);
    expect(second?.signals).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(second?.signals).toEqual(['SIGKILL']);
    await vi.advanceTimersByTimeAsync(500);
    workers[2]?.group.ready();
    await expect(first?.group.check()).resolves.toBeUndefined();
    expect(events().slice(1)).toEqual([['worker.ended', 2]]);
  });

  test('is kept if it answers in time, after one long turn of its event loop', async () => {
    const [first, second] = await started(2);
    for (let turn = 0; turn < 2; turn += 1) {
      second!.hears = false;
      await vi.advanceTimersByTimeAsync(28_000);
      second!.hears = true;
      await vi.advanceTimersByTimeAsync(2000);
      await expect(first?.group.check()).resolves.toBeUndefined();
    }
    expect(second?.signals).toEqual([]);
    const once = [
      ['worker.unresponsive', 2],
      ['worker.responsive', 2],
    ];
    expect(events()).toEqual([...once, ...once]);
  });
});

describe('a worker asks about the others:', () => {
  test('it is healthy only while as many workers are ready as are wanted', async () => {
    const [first, second] = await started(2);
    await expect(first?.group.check()).resolves.toBeUndefined();
    second?.end();
    await expect(first?.group.check()).rejects.toMatchObject({ reason: 'bus_unavailable' });
    await vi.advanceTimersByTimeAsync(500);
    await expect(first?.group.check()).rejects.toThrow('1 of 2 workers are ready');
    workers[2]?.group.ready();
    await expect(first?.group.check()).resolves.toBeUndefined();
  });

  test('it is not healthy if the primary process does not answer in two seconds', async () => {
    const [first] = await started(1);
    first!.hears = false;
    let problem: unknown = null;
    const checked = first?.group.check().catch((error: unknown) => (problem = error));
    await vi.advanceTimersByTimeAsync(1999);
    expect(problem).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    await checked;
    expect(problem).toMatchObject({ reason: 'bus_unavailable' });
  });

  const countIn = (worker: LocalWorker, value: number): void => {
    new Counter({ name: 'frames_total', help: 'Frames', registers: [worker.registry] }).inc(value);
  };
  const lineOf = (text: string | undefined): string | undefined => /^frames_total.*$/m.exec(text ?? '')?.[0];

  test('a scrape of one worker adds the counters of all', async () => {
    const all = await started(3);
    for (const [at, worker] of all.entries()) countIn(worker, 10 ** at);
    expect(lineOf(await all[1]?.group.metrics())).toBe('frames_total 111');
  });

  test('scrapes of several workers at once do not mix', async () => {
    const all = await started(2);
    for (const worker of all) countIn(worker, 1);
    const scrapes = await Promise.all([0, 1, 0].map((at) => all[at]?.group.metrics()));
    expect(scrapes.map(lineOf)).toEqual(Array.from({ length: 3 }, () => 'frames_total 2'));
  });

  test('a scrape leaves out a worker that does not answer in a second', async () => {
    const all = await started(2);
    for (const worker of all) countIn(worker, 1);
    all[1]!.hears = false;
    const scrape = all[0]?.group.metrics();
    await vi.advanceTimersByTimeAsync(1000);
    expect(lineOf(await scrape)).toBe('frames_total 1');
  });

  test('a scrape does not wait for a worker that ends meanwhile', async () => {
    const all = await started(2);
    for (const worker of all) countIn(worker, 1);
    all[1]!.hears = false;
    const scrape = all[0]?.group.metrics();
    all[1]?.end();
    expect(lineOf(await scrape)).toBe('frames_total 1');
  });

  test('counters stay in the sum, and gauges do not, when a worker ends or does not answer', async () => {
    const [first, second] = await started(2);
    for (const worker of [first!, second!]) {
      countIn(worker, 1);
      new Gauge({ name: 'open', help: 'Open', registers: [worker.registry] }).set(1);
    }
    expect(await first?.group.metrics()).toContain('open 2');
    second!.hears = false;
    const late = first?.group.metrics();
    await vi.advanceTimersByTimeAsync(1000);
    expect(lineOf(await late)).toBe('frames_total 2');
    second?.end();
    for (let scrape = 0; scrape < 2; scrape += 1) {
      const text = await first?.group.metrics();
      expect([lineOf(text), /^open .*$/m.exec(text ?? '')?.[0]]).toEqual(['frames_total 2', 'open 1']);
    }
  });

  test('a worker that ends after it has answered a scrape is counted once', async () => {
    const all = await started(3);
    for (const worker of all) countIn(worker, 1);
    all[2]!.hears = false;
    const scrape = all[0]?.group.metrics();
    await settle();
    all[1]?.end();
    await vi.advanceTimersByTimeAsync(1000);
    expect(lineOf(await scrape)).toBe('frames_total 2');
  });

  test('what a stopping worker has counted since the last scrape is added', async () => {
    const [first, second] = await started(2);
    for (const worker of [first!, second!]) countIn(worker, 1);
    await first?.group.metrics();
    (second!.registry.getSingleMetric('frames_total') as Counter).inc(5);
    await second?.group.leave();
    second?.end(0);
    expect(lineOf(await first?.group.metrics())).toBe('frames_total 7');
  });

  test('a worker whose metrics cannot be read keeps running and is left out', async () => {
    const all = await started(2);
    for (const worker of all) countIn(worker, 1);
    const collect = () => Promise.reject(new Error('cannot read it'));
    all[1]?.registry.registerMetric(new Gauge({ name: 'broken', help: 'Broken', registers: [], collect }));
    expect(lineOf(await all[0]?.group.metrics())).toBe('frames_total 1');
  });

  test('a worker that is starting has no part in scrapes', async () => {
    const [first] = await started(1);
    countIn(first!, 1);
    const replacing = pool.replaceAll();
    await settle();
    countIn(workers[1]!, 1);
    expect(lineOf(await first?.group.metrics())).toBe('frames_total 1');
    workers[1]?.group.ready();
    await replacing;
    // Includes the predecessor's frame.
    expect(lineOf(await workers[1]?.group.metrics())).toBe('frames_total 2');
  });
});
