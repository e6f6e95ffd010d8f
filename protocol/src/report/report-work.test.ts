import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startLiveCoverage, stepLiveCoverage } from '../evidence/live-coverage.ts';
import type { LiveCoverage } from '../evidence/live-coverage.ts';
import type { Features } from '../frame/feature-frame.ts';
import { isObservedAt, workOf } from './report-work.ts';

const startMs = Date.parse('2026-01-18T10:00:00.000Z');
const seen: Features = { no_of_face: 1 };
const paused: Features = { not_observed: 'paused' };
const at = (seconds: number) => new Date(startMs + seconds * 1000).toISOString();
const answer = (question_number: number, seconds: number) => ({
  question_id: `q${question_number}`,
  question_number,
  at: at(seconds),
  chain: null,
});

/** One frame a second. */
const fold = (parts: readonly (readonly [seconds: number, features: Features, live?: boolean])[]): LiveCoverage => {
  let coverage = startLiveCoverage(startMs);
  for (const [seconds, features, live = true] of parts) {
    for (let n = 0; n < seconds; n += 1) {
      coverage = stepLiveCoverage(coverage, { ...features, timestamp: coverage.lastMs + 1000 }, live);
    }
  }
  return coverage;
};
/** Seen live for one minute, paused for two, late for one, seen live for one. */
const coverage = fold([
  [60, seen],
  [120, paused],
  [60, seen, false],
  [60, seen],
]);

describe('a moment is observed', () => {
  test.each([
    ['while the student is seen', 30, true],
    ['until 30 s after', 89, true],
    ['no longer than that', 90, false],
    ['not during the pause', 150, false],
    ['not by frames that came late', 230, false],
    ['as soon as the student is seen again', 241, true],
    ['at the session’s first moment', 0, false],
    ['before the session', -10, false],
    ['up to 30 s after its last frame', 329, true],
    ['no longer after its last frame', 330, false],
  ])('%s: %i s, %s', (_name, seconds, observed) => {
    expect(isObservedAt(coverage, startMs + seconds * 1000)).toBe(observed);
  });
});

describe('the work of a session', () => {
  test('states that a personal link of the student was used, and only then', () => {
    const context = { answers: [], handed_in_at: null };
    expect(workOf(coverage, context)).not.toHaveProperty('personal_link_used_at');
    expect(workOf(coverage, { ...context, personal_link_used_at: at(7) }).personal_link_used_at).toBe(at(7));
  });

  test('lists each answer with the coverage of the time since the one before', () => {
    const { questions } = workOf(coverage, {
      answers: [answer(1, 50), answer(2, 130), answer(3, 250)],
      handed_in_at: null,
    });
    expect(
      questions.map(({ question_id, duration_s, live_s, late_s, observed }) => [
        question_id,
        duration_s,
        live_s,
        late_s,
        observed,
      ]),
    ).toEqual([
      ['q1', 50, 50, 0, true],
      ['q2', 80, 10, 0, false],
      ['q3', 120, 10, 60, true],
    ]);
  });

  test('sorts answers by time, then by number', () => {
    const answers = [answer(3, 20), answer(2, 10), answer(1, 20)];
    const { questions } = workOf(coverage, { answers, handed_in_at: null });
    expect(questions.map(({ question_number }) => question_number)).toEqual([2, 1, 3]);
    expect(answers[0]!.question_number).toBe(3);
  });

  test.each([
    [[answer(1, 50)], at(55), { unobserved_answers: 0, unobserved_hand_in: false, note: null }],
    [[answer(1, 100)], null, { unobserved_answers: 1, note: 'answered 1 question while not observed' }],
    [[answer(1, 100), answer(2, 110)], at(300), { note: 'answered 2 questions while not observed' }],
    [[], at(150), { unobserved_hand_in: true, note: 'handed in while not observed' }],
    [[answer(1, 100)], at(150), { note: 'answered 1 question and handed in while not observed' }],
    [[], null, { questions: [], handed_in_at: null, note: null }],
  ])('describes the work done while not observed, case %#', (answers, handed_in_at, expected) => {
    expect(workOf(coverage, { answers, handed_in_at })).toMatchObject(expected);
  });

  test('keeps the frame chain that came with an answer', () => {
    const work = workOf(coverage, { answers: [{ ...answer(1, 10), chain: 'abc' }], handed_in_at: null });
    expect(work.questions[0]).toMatchObject({ answered_at: at(10), chain: 'abc' });
  });

  test('counts no second twice, and no more observed time than elapsed, for any answers', () => {
    const answers = fc.array(fc.integer({ min: -60, max: 400 }), { maxLength: 12 });
    fc.assert(
      fc.property(answers, (list) => {
        const { questions, unobserved_answers } = workOf(coverage, {
          answers: list.map((seconds, n) => answer(n, seconds)),
          handed_in_at: null,
        });
        const total = (key: 'duration_s' | 'live_s' | 'late_s') => questions.reduce((sum, { [key]: s }) => sum + s, 0);
        expect(total('duration_s')).toBe(Math.max(0, ...list));
        expect(total('live_s')).toBeLessThanOrEqual(coverage.liveMs / 1000);
        expect(total('late_s')).toBeLessThanOrEqual(coverage.lateMs / 1000);
        for (const { duration_s, live_s, late_s } of questions) expect(live_s + late_s).toBeLessThanOrEqual(duration_s);
        expect(unobserved_answers).toBe(questions.filter(({ observed }) => !observed).length);
      }),
    );
  });
});
