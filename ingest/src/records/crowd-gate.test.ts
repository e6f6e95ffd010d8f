import { afterEach, expect, test, vi } from 'vitest';
import { CrowdGate } from './crowd-gate.ts';

afterEach(() => void vi.useRealTimers());

test('one who arrives alone passes at once, and those who arrive in different turns of a crowd pass together', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  const gate = new CrowdGate((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  const passed: number[] = [];
  const arrive = async (index: number): Promise<void> => {
    void gate.pass().then(() => passed.push(index));
    await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(10);
  };
  await arrive(1);
  await arrive(2);
  for (let index = 3; index < 8; index += 1) await arrive(index);
  expect(passed).toEqual([1, 2]);
  await vi.advanceTimersByTimeAsync(30);
  expect(passed).toEqual([1, 2, 3, 4, 5, 6, 7]);
});
