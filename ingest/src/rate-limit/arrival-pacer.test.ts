import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ArrivalPacer } from './arrival-pacer.ts';

let announced: string[];
let state: string;
let pacer: ArrivalPacer;
beforeEach(() => {
  vi.useFakeTimers();
  announced = [];
  pacer = new ArrivalPacer({ now: Date.now, onError: (error) => expect.fail(String(error)) });
});
afterEach(() => vi.useRealTimers());

const change = (key: string, to: string): void => {
  state = to;
  pacer.changed(
    key,
    () => announced.push(`${key} ${to}`),
    async () => void announced.push(`${key} is ${state}`),
  );
};

test('announces the first changes at once, then gathers', async () => {
  for (let cycle = 0; cycle < 100; cycle++) {
    change('ada', 'in');
    change('ada', 'out');
  }
  expect(announced).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(2000);
  expect(announced.slice(2)).toEqual(['ada is out']);
});

test('someone who keeps reconnecting is announced once every two seconds', async () => {
  for (let cycle = 0; cycle < 100; cycle += 1) {
    change('ada', cycle % 2 === 0 ? 'in' : 'out');
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(announced.length).toBeGreaterThanOrEqual(4);
  expect(announced.length).toBeLessThanOrEqual(8);
});

test('does not hold back other people', () => {
  for (let cycle = 0; cycle < 100; cycle++) change('ada', 'in');
  change('bob', 'in');
  expect(announced.at(-1)).toBe('bob in');
});

test('announces held changes when it is flushed, and only once', async () => {
  for (let cycle = 0; cycle < 8; cycle++) change('ada', 'in');
  change('ada', 'out');
  await pacer.flush();
  expect(announced.slice(2)).toEqual(['ada is out']);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(announced).toHaveLength(3);
});

test('announces at once again after a quiet time', async () => {
  for (let cycle = 0; cycle < 8; cycle++) change('ada', 'in');
  await vi.advanceTimersByTimeAsync(30_000);
  change('ada', 'out');
  expect(announced.at(-1)).toBe('ada out');
});

test('a state that cannot be read is reported and does not stop later announcements', async () => {
  const errors: unknown[] = [];
  pacer = new ArrivalPacer({ now: Date.now, onError: (error) => errors.push(error) });
  for (let cycle = 0; cycle < 3; cycle++) {
    pacer.changed(
      'ada',
      () => undefined,
      () => Promise.reject(new Error('away')),
    );
  }
  await pacer.flush();
  expect(errors).toEqual([new Error('away')]);
  await vi.advanceTimersByTimeAsync(30_000);
  change('ada', 'in');
  expect(announced).toEqual(['ada in']);
});
