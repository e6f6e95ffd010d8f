import { expect, test } from 'vitest';
import { readCosts } from './costs.ts';
import type { StudentCosts } from './costs.ts';
import { planFor } from './plan.ts';

const costs: StudentCosts = {
  measured: 'example',
  server: { fixed: 0.02, each: 0.0005 },
  contention: 1.2,
  redis: { fixed: 0.01, each: 0.0002, eachWorker: 0.03 },
  postgres: { fixed: 0, each: 0.0001, eachWorker: 0.02 },
  connectCpuMs: 1,
  fromStudent: 3500,
  toStudent: 200,
  toRedis: 5000,
  fromRedis: 1000,
  toProctor: 4000,
  redisBytes: 650_000,
};
const archiveBytesPerFrame = 60;

test('few students need one worker, on two machines so that one can be restarted', () => {
  expect(planFor(costs, 100, archiveBytesPerFrame)).toMatchObject({ workers: 1, machines: 2, redisPrimaries: 1 });
});

test('no process is planned above six tenths of a core', () => {
  for (const students of [1000, 10_000, 100_000]) {
    const { workers, serverCores, redisPrimaries, redisCores } = planFor(costs, students, archiveBytesPerFrame);
    expect(serverCores / workers).toBeLessThanOrEqual(0.6 + 1e-9);
    expect(redisCores / redisPrimaries).toBeLessThanOrEqual(0.6 + 1e-9);
  }
});

test('a process that uses its share of a core without students is refused: no number of processes would do', () => {
  for (const fixed of [0.6, 0.9]) {
    const measured = { ...costs, contention: 1, server: { ...costs.server, fixed } };
    expect(() => planFor(measured, 1000, archiveBytesPerFrame)).toThrow(`uses ${fixed} cores`);
  }
});

test('the work of several processes takes longer, because all cores are busy', () => {
  const { workers, serverCores } = planFor(costs, 10_000, archiveBytesPerFrame);
  expect(serverCores).toBeCloseTo(1.2 * (0.02 * workers + 5));
});

test('the costs that were measured last give a plan', () => {
  const { workers, serverCores } = planFor(readCosts(), 10_000, archiveBytesPerFrame);
  expect(serverCores / workers).toBeGreaterThan(0);
});

test('memory alone can require another primary', () => {
  const idle = { ...costs, redis: { fixed: 0, each: 0, eachWorker: 0 }, redisBytes: 1_000_000 };
  expect(planFor(idle, 20_000, archiveBytesPerFrame)).toMatchObject({ redisGb: 20, redisPrimaries: 3 });
});

test('each further worker costs Redis and Postgres something', () => {
  const { workers, redisCores, redisPrimaries, postgresCores } = planFor(costs, 10_000, archiveBytesPerFrame);
  expect(redisCores).toBeCloseTo(0.01 * redisPrimaries + 2 + 0.03 * (workers - 1));
  expect(postgresCores).toBeCloseTo(1 + 0.02 * (workers - 1));
});

test('one machine more is planned than the workers fill', () => {
  const { workers, machines } = planFor(costs, 10_000, archiveBytesPerFrame);
  expect(machines).toBe(Math.ceil(workers / 4) + 1);
});

test('the CPU to start sessions and connect is that of each student', () => {
  expect(planFor(costs, 10_000, archiveBytesPerFrame).startCpuS).toBeCloseTo(10);
});

test('network and storage follow from bytes', () => {
  const { studentMbitPerS, redisMbitPerS, archiveGbPerHour } = planFor(costs, 1000, archiveBytesPerFrame);
  expect(studentMbitPerS).toBeCloseTo(29.6);
  expect(redisMbitPerS).toBeCloseTo(48);
  expect(archiveGbPerHour).toBeCloseTo(1.08);
});
