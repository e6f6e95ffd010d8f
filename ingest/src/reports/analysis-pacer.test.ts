import { expect, test } from 'vitest';
import { defaultRules } from '../analysis/analysis-rules.ts';
import type { Analysis } from '../analysis/catch-up.ts';
import { AnalysisPacer } from './analysis-pacer.ts';

const setUp = (costMs: number) => {
  let nowMs = 0;
  let made = 0;
  const pacer = new AnalysisPacer(
    async () => {
      await Promise.resolve();
      made += 1;
      nowMs += costMs;
      return {} as Analysis;
    },
    () => nowMs,
  );
  return { pacer, made: () => made, pass: (ms: number) => (nowMs += ms) };
};

test('a cheap analysis is made again for each reader', async () => {
  const { pacer, made } = setUp(5);
  for (let reads = 0; reads < 3; reads += 1) await pacer.analyze('ada', defaultRules);
  expect(made()).toBe(3);
});

test('an expensive analysis is served again for nine times as long as it took', async () => {
  const { pacer, made, pass } = setUp(1000);
  await pacer.analyze('ada', defaultRules);
  pass(8_999);
  await pacer.analyze('ada', defaultRules);
  await pacer.analyze('bob', defaultRules);
  expect(made()).toBe(2);
  pass(1);
  await pacer.analyze('ada', defaultRules);
  expect(made()).toBe(3);
});

test('readers at the same time share one analysis', async () => {
  const { pacer, made } = setUp(5);
  await Promise.all([1, 2, 3].map(() => pacer.analyze('ada', defaultRules)));
  expect(made()).toBe(1);
});

test('a failure is not kept', async () => {
  let tries = 0;
  const pacer = new AnalysisPacer(async () => {
    tries += 1;
    if (tries === 1) throw new Error('store away');
    return {} as Analysis;
  });
  await expect(pacer.analyze('ada', defaultRules)).rejects.toThrow('store away');
  await expect(pacer.analyze('ada', defaultRules)).resolves.toBeDefined();
});
