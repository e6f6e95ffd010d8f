import { describe, expect, test } from 'vitest';
import { bridgesMs, calm, deg, emptyContext, knownContext, lookAt, opensAfterMs } from '../../test/rule-run.ts';
import { gazeOffExam, readingAside } from './gaze.ts';

const off = { ...calm, gaze_on_script: 0 } as const;
const on = { ...calm, gaze_on_script: 1 } as const;

describe('gaze_off_exam', () => {
  test('opens after 5 s and continues through up to 1 s on the exam', () => {
    expect(opensAfterMs(gazeOffExam, off)).toBe(5000);
    expect(bridgesMs(gazeOffExam, off, on)).toBe(1000);
  });

  test.each([
    ['outside the exam', off, 'seen'],
    ['on the exam', on, 'clear'],
    ['not calibrated', calm, 'unknown'],
    ['unknown', { ...calm, gaze_on_script: null }, 'unknown'],
    ['no face', { ...off, no_of_face: 0 }, 'unknown'],
    ['a second face, whose gaze it may be', { ...off, no_of_face: 2 }, 'unknown'],
    ['a turned head, which the head rules observe', { ...off, head_yaw: 25 * deg }, 'clear'],
    ['an unknown head', { ...off, head_yaw: null }, 'clear'],
  ] as const)('%s', (_name, features, kind) => {
    expect(lookAt(gazeOffExam, features).kind).toBe(kind);
  });

  test.each([
    [null, 'unknown'],
    [0, 'seen'],
    [0.3, 'seen'],
    [0.31, 'unknown'],
    [1, 'unknown'],
  ] as const)('is %s of the time a habit: %s', (gaze_off_exam, kind) => {
    const context = { ...knownContext, habits: { ...knownContext.habits, gaze_off_exam } };
    expect(lookAt(gazeOffExam, off, { context }).kind).toBe(kind);
  });

  test('is a note, not an alert', () => {
    expect(gazeOffExam.alert).toBe(false);
  });
});

describe('reading_aside', () => {
  const aside = { ...calm, gaze_direction: 'left' } as const;

  test('opens after 10 s and continues through up to 1.2 s', () => {
    expect(opensAfterMs(readingAside, aside)).toBe(10_000);
    expect(bridgesMs(readingAside, aside, calm)).toBe(1200);
  });

  test.each([
    ['left', 'seen'],
    ['right', 'seen'],
    ['center', 'clear'],
    ['top_left', 'clear'],
    ['bottom_right', 'clear'],
    ['bottom', 'clear'],
    [null, 'unknown'],
  ] as const)('%s is %s', (gaze_direction, kind) => {
    expect(lookAt(readingAside, { ...calm, gaze_direction }).kind).toBe(kind);
  });

  test('leaves the decision to the gaze point, if there is one', () => {
    for (const gaze_on_script of [0, 1] as const) {
      expect(lookAt(readingAside, { ...aside, gaze_on_script }).kind).toBe('unknown');
    }
  });

  test('is clear while the head is turned too', () => {
    expect(lookAt(readingAside, { ...aside, head_yaw: -25 * deg }).kind).toBe('clear');
  });

  test('is unknown before the habits are known', () => {
    expect(lookAt(readingAside, aside, { context: emptyContext }).kind).toBe('unknown');
  });

  test('is unknown with a second face', () => {
    expect(lookAt(readingAside, { ...aside, no_of_face: 2 }).kind).toBe('unknown');
  });
});
