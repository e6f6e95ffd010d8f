import { beforeEach, describe, expect, test } from 'vitest';
import { createMetrics } from './ingest-metrics.ts';
import type { IngestMetrics } from './ingest-metrics.ts';

let metrics: IngestMetrics;
beforeEach(() => {
  metrics = createMetrics();
});

/** The value of a metric in the scrape; null if it is not there. */
const valueOf = async (line: string): Promise<number | null> => {
  const text = await metrics.registry.metrics();
  const found = text.split('\n').find((each) => each.startsWith(`${line} `));
  return found === undefined ? null : Number(found.slice(line.length + 1));
};

test('every metric of ours has a help text, a documented prefix and a unit or kind in its name', async () => {
  const own = (await metrics.registry.getMetricsAsJSON()).filter(({ name }) => !/^(?:process|nodejs)_/.test(name));
  expect(own.length).toBeGreaterThan(15);
  for (const { name, help } of own) {
    expect(name).toMatch(/^invigil_[a-z_]+$/);
    expect(help.length).toBeGreaterThan(5);
  }
});

test('two servers in one process count by themselves', async () => {
  const other = createMetrics();
  metrics.framesStored.inc(3);
  expect(await valueOf('invigil_frames_stored_total')).toBe(3);
  expect(await other.registry.metrics()).toContain('invigil_frames_stored_total 0');
});

describe('queues', () => {
  test('are measured when they are scraped, not before', async () => {
    let size = 0;
    let asked = 0;
    metrics.watchQueues({
      frames: {
        size: () => {
          asked += 1;
          return size;
        },
        capacity: () => 100,
      },
    });
    size = 7;
    expect(asked).toBe(0);
    expect(await valueOf('invigil_queue_size{queue="frames"}')).toBe(7);
    size = 8;
    expect(await valueOf('invigil_queue_size{queue="frames"}')).toBe(8);
    expect(await valueOf('invigil_queue_capacity{queue="frames"}')).toBe(100);
  });
});

describe('parts', () => {
  test('are 1 while they work and 0 otherwise, whatever the reason', async () => {
    let state: Record<string, string> = { frames: 'ok', bus: 'no answer in time' };
    metrics.watchParts(async () => state);
    expect(await valueOf('invigil_part_up{part="frames"}')).toBe(1);
    expect(await valueOf('invigil_part_up{part="bus"}')).toBe(0);
    state = { frames: 'unavailable', bus: 'ok' };
    expect(await valueOf('invigil_part_up{part="frames"}')).toBe(0);
    expect(await valueOf('invigil_part_up{part="bus"}')).toBe(1);
  });
});

test('latencies are counted in buckets from a millisecond to five seconds', async () => {
  for (const seconds of [0.0005, 0.02, 10]) metrics.storeSeconds.observe({ operation: 'append' }, seconds);
  const bucket = (limit: string) => valueOf(`invigil_frame_store_seconds_bucket{le="${limit}",operation="append"}`);
  expect([await bucket('0.001'), await bucket('0.025'), await bucket('5'), await bucket('+Inf')]).toEqual([1, 2, 2, 3]);
});
