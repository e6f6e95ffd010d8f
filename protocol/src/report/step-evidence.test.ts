import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calm } from '../../test/rule-run.ts';
import { unionMs } from '../evidence/time-span.ts';
import type { Features, StoredFrame } from '../frame/feature-frame.ts';
import { currentRuleSet } from '../rules/rule-set.ts';
import { observationsOf } from './session-state.ts';
import type { SessionState } from './session-state.ts';
import { compareArrivals, startArrivals, stepArrivals } from './step-evidence.ts';

const startMs = 1_000_000;
const frameMs = 500;
const away: Features = { ...calm, no_of_face: 0, face_present: 0, face_x: null, face_y: null, head_yaw: null };

/** The client's frame number `seq`, made `seq` half seconds after the session's start. */
const frameOf = (seq: number, features: Features, receivedMs = seq * frameMs + 100): StoredFrame => ({
  ...features,
  frame_id: String(seq),
  seq,
  timestamp: startMs + seq * frameMs,
  received_at: startMs + receivedMs,
});
const framesOf = (fromSeq: number, toSeq: number, features: Features, receivedMs?: number): StoredFrame[] =>
  Array.from({ length: toSeq - fromSeq + 1 }, (_, at) =>
    frameOf(fromSeq + at, features, receivedMs === undefined ? undefined : receivedMs + at),
  );

const fold = (frames: readonly StoredFrame[], from = startArrivals(startMs)) => {
  let state = from;
  const events: string[] = [];
  for (const frame of frames) {
    const [next, stepped] = stepArrivals(state, frame, currentRuleSet);
    state = next;
    events.push(...stepped.map(({ event, observation }) => `${event} ${observation.id}`));
  }
  return { state, events };
};
const evidenceOf = ({ evidence }: SessionState) => evidence!;

describe('frames in their order', () => {
  test('open and close observations, and cover the time since the session began', () => {
    const { state, events } = fold([...framesOf(2, 9, calm), ...framesOf(10, 19, away), ...framesOf(20, 30, calm)]);
    expect(events).toEqual(['opened face_absent-10', 'closed face_absent-10']);
    expect(observationsOf(state)).toMatchObject([{ from_ms: startMs + 5000, to_ms: startMs + 9500 }]);
    expect(state).toMatchObject({ frames: 29, lastFrameId: '30' });
    expect(evidenceOf(state)).toMatchObject({
      firstMs: startMs + 1000,
      coverage: { liveMs: 15_000, gaps: [] },
    });
  });

  test('show a time without frames as an observation and as a gap', () => {
    const { state } = fold([...framesOf(0, 4, calm), ...framesOf(30, 34, calm)]);
    expect(observationsOf(state)).toMatchObject([
      { id: 'stream_gap-4', from_ms: startMs + 2000, to_ms: startMs + 15_000 },
    ]);
    expect(evidenceOf(state).coverage.gapMs).toEqual({ no_frames: 13_000 });
  });

  test('keep the calibration that a frame contains', () => {
    const calibration = { state: 'calibrated', at: 5, error_px: 80 } as Features['calibration'];
    const { state } = fold([frameOf(0, { ...calm, calibration }), ...framesOf(1, 3, calm)]);
    expect(state.calibration).toEqual(calibration);
  });

  test('keep clock corrections and missing parts of the browser of earlier frames', () => {
    const { state } = fold([frameOf(0, { ...calm, clock_corrected_ms: 40, lock_missing: 1 }), ...framesOf(1, 4, calm)]);
    expect(state).toMatchObject({ clockCorrected: { frames: 1, largestMs: 40 }, missing: { lock: 1 }, frames: 5 });
  });

  test('count constant readings only while frames are close together', () => {
    const { state } = fold([...framesOf(0, 4, calm), ...framesOf(100, 104, calm)]);
    expect(evidenceOf(state).readings.constantMs).toBe(8 * frameMs);
  });
});

describe('frames that an outage delayed', () => {
  const before = framesOf(0, 19, calm);
  /** The network returns after 95 s with the newest frames first. */
  const newest = framesOf(200, 210, calm, 105_100);
  const held = [
    ...framesOf(20, 60, calm, 110_000),
    ...framesOf(61, 80, away, 110_200),
    ...framesOf(81, 199, calm, 110_400),
  ];

  test('fill the gap as late time, and their readings are observed', () => {
    const { state } = fold([...before, ...newest, ...held]);
    expect(evidenceOf(state)).toMatchObject({
      outOfOrder: 0,
      lateUnexplained: 0,
      order: { highestSeq: 210, holes: [] },
      // Frames 161 to 199 are at most 30 s old, so they count as live. The half second before frame 200 stays a gap.
      coverage: { lateMs: 141 * frameMs, gapMs: { no_frames: 142 * frameMs } },
    });
    expect(observationsOf(state).map(({ id }) => id)).toContain('face_absent-61');
  });

  test('never shorten the time without frames that was observed', () => {
    const gap = observationsOf(fold([...before, ...newest]).state);
    expect(gap).toMatchObject([{ id: 'stream_gap-19' }]);
    expect(observationsOf(fold([...before, ...newest, ...held]).state)).toEqual(expect.arrayContaining(gap));
  });

  test('continue an observation that was open when the outage began', () => {
    const { state } = fold([
      ...before,
      ...framesOf(20, 29, away),
      ...framesOf(100, 110, calm, 105_100),
      ...framesOf(30, 40, away, 110_000),
      ...framesOf(41, 99, calm, 110_200),
    ]);
    const absent = observationsOf(state).filter(({ type }) => type === 'face_absent');
    expect(absent).toMatchObject([{ id: 'face_absent-20', from_ms: startMs + 10_000, to_ms: startMs + 20_000 }]);
  });

  test('count as live if they come behind newer ones within 30 s', () => {
    const quick = [...framesOf(40, 44, calm), ...framesOf(20, 39, calm, 22_200)];
    const { state } = fold([...before, ...quick]);
    expect(evidenceOf(state).coverage).toMatchObject({ liveMs: 21_500, lateMs: 0, gapMs: { no_frames: frameMs } });
  });

  test('that do not show the student cover nothing', () => {
    const paused: Features = { not_observed: 'paused' };
    const { state } = fold([...before, ...newest, ...framesOf(20, 199, paused, 110_000)]);
    expect(evidenceOf(state).coverage).toMatchObject({ lateMs: 0, gapMs: { no_frames: 90_500 } });
  });
});

describe('frames that contradict the clock or their order', () => {
  test('add their observations, but no coverage', () => {
    const old = framesOf(0, 19, away).map((frame, at) => ({
      ...frame,
      frame_id: String(100 + at),
      seq: 100 + at,
      timestamp: startMs - 60_000 + at * frameMs,
      received_at: startMs + 6000 + at,
    }));
    const { state } = fold([...framesOf(0, 10, calm), ...old]);
    expect(evidenceOf(state)).toMatchObject({ outsideSession: 20, coverage: { liveMs: 5000, lateMs: 0 } });
    expect(observationsOf(state)).toMatchObject([{ id: 'face_absent-100', from_ms: startMs - 60_000 }]);
  });

  test('start a new observation where their times go back', () => {
    const shifted = (seq: number, madeMs: number): StoredFrame => ({
      ...frameOf(seq, away),
      timestamp: startMs + madeMs,
      received_at: startMs + 6000 + seq,
    });
    const twice = [-90_000, -60_000, -89_700].flatMap((fromMs, part) =>
      Array.from({ length: 20 }, (_, n) => shifted(100 + part * 20 + n, fromMs + n * frameMs)),
    );
    const { state } = fold([...framesOf(0, 10, calm), ...twice]);
    expect(observationsOf(state).map(({ id }) => id)).toEqual([
      'face_absent-100',
      'face_absent-140',
      'face_absent-120',
    ]);
  });

  test('do not close observations of the newest frames', () => {
    const { state } = fold([...framesOf(0, 9, away), { ...frameOf(3, calm), received_at: startMs + 5200 }]);
    expect(observationsOf(state)).toMatchObject([{ id: 'face_absent-0', to_ms: startMs + 4500 }]);
    expect(evidenceOf(state).outOfOrder).toBe(1);
  });

  test('keep the page’s violations', () => {
    const late = { ...frameOf(3, calm), page_violations: [{ type: 'TAB_SWITCH' as const, timestamp: 7 }] };
    const { state } = fold([...framesOf(0, 9, calm), { ...late, received_at: startMs + 5200 }]);
    expect(state.violations).toEqual([{ type: 'TAB_SWITCH', timestamp: 7 }]);
  });

  test('of a second client without numbers never move time back', () => {
    const single = { ...frameOf(50, away), frame_id: 'srv-0', timestamp: startMs + 4000, received_at: startMs + 5200 };
    const { state } = fold([...framesOf(0, 10, calm), single]);
    expect(state.lastFrameId).toBe('10');
    expect(evidenceOf(state).coverage.lastMs).toBe(startMs + 5000);
  });
});

/** Frames of one engine, of which some are delayed, forged, repeated or lost. */
const anyArrivals = fc
  .array(
    fc.record({
      seq: fc.integer({ min: 0, max: 120 }),
      features: fc.constantFrom<Features>(calm, calm, away, { not_observed: 'paused' }, { ...calm, no_of_face: 2 }),
      delayMs: fc.constantFrom(0, 0, 0, 200, 20_000, 45_000, 70_000),
      shiftMs: fc.constantFrom(0, 0, 0, 0, 0, -90_000, 700, 50_000),
    }),
    { minLength: 1, maxLength: 120 },
  )
  .map((list) =>
    list
      .map(({ seq, features, delayMs, shiftMs }) => {
        const frame = frameOf(seq, features, seq * frameMs + 100 + delayMs);
        return { ...frame, timestamp: frame.timestamp + shiftMs };
      })
      .toSorted(compareArrivals),
  );

describe('whatever arrives, in whatever order', () => {
  test('never removes or shortens an observation', () => {
    fc.assert(
      fc.property(anyArrivals, (frames) => {
        let state = startArrivals(startMs);
        let before = observationsOf(state);
        for (const frame of frames) {
          [state] = stepArrivals(state, frame, currentRuleSet);
          const after = observationsOf(state);
          const byId = new Map(after.map((observation) => [observation.id, observation]));
          expect(byId.size).toBe(after.length);
          for (const { id, from_ms, to_ms } of before) {
            expect(byId.get(id)?.from_ms).toBe(from_ms);
            expect(byId.get(id)?.to_ms).toBeGreaterThanOrEqual(to_ms);
          }
          before = after;
        }
      }),
      { numRuns: 60 },
    );
  });

  test('never removes coverage, and covers no more than the server can have seen', () => {
    fc.assert(
      fc.property(anyArrivals, (frames) => {
        let state = startArrivals(startMs);
        for (const frame of frames) {
          const before = evidenceOf(state).coverage;
          [state] = stepArrivals(state, frame, currentRuleSet);
          const { coverage } = evidenceOf(state);
          expect(coverage.liveMs).toBeGreaterThanOrEqual(before.liveMs);
          expect(coverage.lateMs).toBeGreaterThanOrEqual(before.lateMs);
          expect(coverage.lastMs - frame.received_at).toBeLessThanOrEqual(30_000);
          expect(unionMs(coverage.late)).toBe(coverage.lateMs);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('counts every frame, and every frame that is set aside', () => {
    fc.assert(
      fc.property(anyArrivals, (frames) => {
        const { state } = fold(frames);
        const { outOfOrder, outsideSession, lateUnexplained } = evidenceOf(state);
        expect(state.frames).toBe(frames.length);
        expect(outOfOrder + outsideSession + lateUnexplained).toBeLessThanOrEqual(frames.length);
      }),
      { numRuns: 60 },
    );
  });

  test('gives the same state when it was stored as JSON in between', () => {
    fc.assert(
      fc.property(anyArrivals, fc.nat(), (frames, where) => {
        const at = where % frames.length;
        const stored = JSON.parse(JSON.stringify(fold(frames.slice(0, at)).state)) as SessionState;
        const whole = fold(frames).state;
        expect(fold(frames.slice(at), stored).state).toEqual(JSON.parse(JSON.stringify(whole)));
      }),
      { numRuns: 60 },
    );
  });
});

describe('the order of arrival', () => {
  test('is by time of receipt, then by number', () => {
    const frames = [frameOf(3, calm, 200), frameOf(2, calm, 200), frameOf(9, calm, 100)];
    expect(frames.toSorted(compareArrivals).map(({ seq }) => seq)).toEqual([9, 2, 3]);
  });
});
