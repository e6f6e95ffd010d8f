// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest';
import { durationText, partAndWhole, wholeSecondsText } from './duration-text.ts';

describe('durations', () => {
  test.each([
    [0, '0.0 s'],
    [8.94, '8.9 s'],
    [10.26, '10.3 s'],
    [59.94, '59.9 s'],
    [59.97, '1 min 0 s'],
    [75.4, '1 min 15 s'],
  ])('show %d s to the tenth, up to a minute', (seconds, text) => expect(durationText(seconds)).toBe(text));

  test('show whole seconds where tenths would only flicker', () => {
    expect([9.9, 12.7, 75.9].map(wholeSecondsText)).toEqual(['9 s', '12 s', '1 min 15 s']);
  });

  test('show a part as precisely as its whole', () => {
    expect(partAndWhole(8.9, 10.26)).toEqual(['8.9 s', '10.3 s']);
    expect(partAndWhole(48.7, 75.2)).toEqual(['48 s', '1 min 15 s']);
    expect(partAndWhole(75.2, 75.2)).toEqual(['1 min 15 s', '1 min 15 s']);
  });
});
