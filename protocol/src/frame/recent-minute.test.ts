import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyMinute, mergeMinutes, minuteFromText, minuteCells, minuteSeconds, stepMinute } from './recent-minute.ts';
import type { RecentMinute } from './recent-minute.ts';

const one = { no_of_face: 1 };

describe('the last minute of a student', () => {
  test('has the newest second last, and drops seconds older than a minute', () => {
    let minute = emptyMinute;
    for (let second = 0; second <= 70; second++) minute = stepMinute(minute, one, second * 1000);
    expect(minute.cells).toBe('o'.repeat(minuteSeconds));
  });

  test('keeps a second’s attention mark despite later readings', () => {
    let minute = stepMinute(emptyMinute, { ...one, phone_present: 1 }, 1000);
    minute = stepMinute(minute, one, 1500);
    expect(minuteCells(minute).at(-1)).toBe('notable');
  });

  test('shows time that could not be observed, and leaves time without readings empty', () => {
    let minute = stepMinute(emptyMinute, one, 0);
    minute = stepMinute(minute, { not_observed: 'obstructed' }, 1000);
    minute = stepMinute(minute, one, 21_000);
    expect(minute.cells).toBe(`${'-'.repeat(38)}ou${'-'.repeat(19)}o`);
  });

  test('has no holes at less than one reading a second', () => {
    let minute = emptyMinute;
    for (let reading = 0; reading <= 60; reading++) minute = stepMinute(minute, one, reading * 1700);
    expect(minute.cells).toBe('o'.repeat(minuteSeconds));
  });

  test('ignores a late reading', () => {
    const minute = stepMinute(emptyMinute, one, 5000);
    expect(stepMinute(minute, { no_of_face: 0 }, 4000)).toBe(minute);
  });
});

const readings = fc.array(fc.record({ at: fc.nat({ max: 90_000 }), faces: fc.constantFrom(0, 1, null) }));
const minuteOf = (list: readonly { at: number; faces: number | null }[]): RecentMinute =>
  list.reduce((minute, { at, faces }) => stepMinute(minute, { no_of_face: faces }, at), emptyMinute);

describe('two records of one minute', () => {
  test('fill each other’s holes', () => {
    const server = minuteFromText(`${'-'.repeat(40)}${'o'.repeat(10)}${'u'.repeat(10)}`, 60_000);
    const own = stepMinute(emptyMinute, one, 65_000);
    const merged = mergeMinutes(own, server);
    expect(merged.cells).toBe(`${'-'.repeat(35)}${'o'.repeat(10)}${'u'.repeat(10)}----o`);
    expect(merged.lastMs).toBe(65_000);
    expect(mergeMinutes(server, own)).toEqual(merged);
    expect(mergeMinutes(emptyMinute, server)).toBe(server);
  });

  test('are unchanged by a merge with themselves, and survive the wire', () => {
    fc.assert(
      fc.property(readings, (list) => {
        const minute = minuteOf(list);
        expect(mergeMinutes(minute, minute)).toEqual(minute);
        expect({ ...minuteFromText(minute.cells, 0), lastMs: minute.lastMs }).toEqual(minute);
      }),
    );
  });

  test('read foreign text as empty seconds', () => {
    expect(minuteFromText('o?x', 0).cells).toBe(`o${'-'.repeat(59)}`);
  });
});
