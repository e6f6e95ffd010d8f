import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calm, emptyContext, every, runRule, timesOf } from '../../test/rule-run.ts';
import { runningObservation } from './rule-state.ts';
import { clear, seen, unknown } from './rule.ts';
import type { Rule } from './rule.ts';

/** The condition is seen while a phone is visible, with the phone's confidence. */
const rule: Rule = {
  type: 'phone_visible',
  minDurationMs: 1000,
  bridgeMs: 500,
  alert: true,
  look: ({ phone_present: present, phone_conf: percent }) =>
    present == null ? unknown : present === 0 ? clear : seen((percent ?? 50) / 100, { percent: percent ?? 50 }),
};
const on = { ...calm, phone_present: 1, phone_conf: 60 } as const;
const blind = { ...calm, phone_present: null };

describe('one rule over frames', () => {
  test('opens once and closes at the end of the stream', () => {
    const { events, ended, state } = runRule(rule, every(200, 0, 3000, on));
    expect(timesOf(events)).toEqual(['opened 0-1000']);
    expect(timesOf(ended)).toEqual(['opened 0-1000', 'closed 0-3000']);
    expect(runningObservation(rule, state)).toMatchObject({ id: 'phone_visible-0', from_ms: 0, to_ms: 3000 });
  });

  test('has no running observation before it opens', () => {
    const { state, ended } = runRule(rule, every(200, 0, 800, on));
    expect(state.phase).toBe('pending');
    expect(runningObservation(rule, state)).toBeNull();
    expect(ended).toEqual([]);
  });

  test('starts again after an interruption before it opens', () => {
    const frames = [...every(200, 0, 800, on), ...every(200, 1000, 1400, calm), ...every(200, 1600, 2600, on)];
    expect(timesOf(runRule(rule, frames).events)).toEqual(['opened 1600-2600']);
  });

  test('opens only if at least 60 % of the frames show it', () => {
    const pattern = (cycle: readonly boolean[]) =>
      every(200, 0, 8000, calm).map(([ms], at) => [ms, cycle[at % cycle.length] ? on : calm] as const);
    expect(runRule(rule, pattern([true, true, false])).events.length).toBeGreaterThan(0);
    expect(runRule(rule, pattern([true, false])).events).toEqual([]);
  });

  test('counts unknown frames as not showing it', () => {
    const frames = every(200, 0, 8000, calm).map(([ms], at) => [ms, at % 2 === 0 ? on : blind] as const);
    expect(runRule(rule, frames).events).toEqual([]);
  });

  test('does not close on unknown frames sooner than on clear ones', () => {
    const frames = [...every(200, 0, 2000, on), ...every(100, 2100, 2400, blind), ...every(200, 2500, 3100, on)];
    expect(timesOf(runRule(rule, frames).ended)).toEqual(['opened 0-1000', 'closed 0-3100']);
  });

  test('bridges a pause in which there are no frames at all, up to pauseMs', () => {
    const pausing = { ...emptyContext, pauseMs: 3000 };
    expect(timesOf(runRule(rule, every(3000, 0, 9000, on), pausing).events)).toEqual(['opened 0-3000']);
    expect(timesOf(runRule(rule, every(3001, 0, 9003, on), pausing).events)).toEqual([]);
    expect(timesOf(runRule(rule, every(3000, 0, 9000, on)).events)).toEqual([]);
  });

  test('bridges only bridgeMs if a frame in between did not show it', () => {
    const pausing = { ...emptyContext, pauseMs: 3000 };
    const frames = [...every(200, 0, 1000, on), [1200, calm] as const, [1600, on] as const];
    expect(timesOf(runRule(rule, frames, pausing).events)).toEqual(['opened 0-1000', 'closed 0-1000']);
  });

  test('gives the means of confidence and readings', () => {
    const frames = [...every(200, 0, 800, on), ...every(200, 1000, 1800, { ...on, phone_conf: 80 })];
    const { observation } = runRule(rule, frames).ended.at(-1)!;
    expect(observation).toMatchObject({ confidence: 0.7, measured: { percent: 70 }, frames: 10 });
    expect(observation.evidence).toEqual({ first: '0', strongest: '1000', last: '1800' });
  });

  test('keeps the first frame of several with the same confidence as the strongest', () => {
    expect(runRule(rule, every(200, 0, 2000, on)).ended[0]?.observation.evidence.strongest).toBe('0');
  });
});

describe('confidence', () => {
  test.each([
    [-1, 0],
    [0.4, 0.4],
    [7, 1],
  ])('%s becomes %s', (given, clamped) => {
    expect(seen(given, {})).toEqual({ kind: 'seen', confidence: clamped, measured: {}, sinceMs: null });
  });
});

describe('any sequence of frames', () => {
  const features = fc.constantFrom(on, on, on, calm, blind);
  const sequence = fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), features), { maxLength: 80 });

  test('gives alternating events, and observations that last long enough and do not overlap', () => {
    fc.assert(
      fc.property(sequence, (steps) => {
        let now = 0;
        const frames = steps.map(([elapsedMs, shown]) => [(now += elapsedMs), shown] as const);
        const { ended } = runRule(rule, frames);
        ended.forEach(({ event }, at) => expect(event).toBe(at % 2 === 0 ? 'opened' : 'closed'));
        const closed = ended.filter(({ event }) => event === 'closed').map(({ observation }) => observation);
        closed.forEach(({ from_ms, to_ms, confidence }, at) => {
          expect(to_ms - from_ms).toBeGreaterThanOrEqual(rule.minDurationMs);
          expect(confidence).toBe(0.6);
          expect(from_ms).toBeGreaterThan(closed[at - 1]?.to_ms ?? -1);
        });
      }),
    );
  });

  test('gives the same events if the state is stored as JSON between frames', () => {
    fc.assert(
      fc.property(sequence, (steps) => {
        let now = 0;
        const frames = steps.map(([elapsedMs, shown]) => [(now += elapsedMs), shown] as const);
        const { state } = runRule(rule, frames);
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      }),
    );
  });
});
