import { expect, test } from 'vitest';
import { phaseOf } from './phase-of.ts';

const students = Array.from({ length: 1000 }, (_, at) => `student-${at}`);

test('is a number from 0 to 1, the same each time', () => {
  for (const id of ['', 'a', ...students]) {
    expect(phaseOf(id)).toBe(phaseOf(id));
    expect(phaseOf(id)).toBeGreaterThanOrEqual(0);
    expect(phaseOf(id)).toBeLessThan(1);
  }
});

test('spreads ids that differ in their last digits only', () => {
  const tenths = Array.from({ length: 10 }, () => 0);
  for (const id of students) tenths[Math.floor(phaseOf(id) * 10)]! += 1;
  // A thousand ids over ten tenths: 100 each, with a standard deviation of 9.5.
  for (const count of tenths) {
    expect(count).toBeGreaterThan(60);
    expect(count).toBeLessThan(140);
  }
});
