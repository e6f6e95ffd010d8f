import { describe, expect, test } from 'vitest';
import { emptyTrace, runsOf, stepTrace, traceSeconds } from './trace.ts';

const one = { no_of_face: 1 };

describe('the strip of a tile', () => {
  test('has the newest second last, and drops seconds older than a minute', () => {
    let trace = emptyTrace;
    for (let second = 0; second <= 70; second++) trace = stepTrace(trace, one, second * 1000);
    expect(trace.cells).toHaveLength(traceSeconds);
    expect(runsOf(trace.cells)).toEqual([{ cell: 'observed', from: 0, length: traceSeconds }]);
  });

  test('keeps a second’s attention mark despite later readings', () => {
    let trace = stepTrace(emptyTrace, { ...one, phone_present: 1 }, 1000);
    trace = stepTrace(trace, one, 1500);
    expect(trace.cells.at(-1)).toBe('notable');
  });

  test('shows time that could not be observed, and leaves time without readings empty', () => {
    let trace = stepTrace(emptyTrace, one, 0);
    trace = stepTrace(trace, { not_observed: 'obstructed' }, 1000);
    trace = stepTrace(trace, one, 21_000);
    expect(runsOf(trace.cells).map(({ cell, length }) => [cell, length])).toEqual([
      ['empty', 38],
      ['observed', 1],
      ['not_observed', 1],
      ['empty', 19],
      ['observed', 1],
    ]);
  });

  test('has no holes at less than one reading a second', () => {
    let trace = emptyTrace;
    for (let reading = 0; reading <= 60; reading++) trace = stepTrace(trace, one, reading * 1700);
    expect(runsOf(trace.cells)).toEqual([{ cell: 'observed', from: 0, length: traceSeconds }]);
  });

  test('ignores a late reading', () => {
    const trace = stepTrace(emptyTrace, one, 5000);
    expect(stepTrace(trace, { no_of_face: 0 }, 4000)).toBe(trace);
  });
});
