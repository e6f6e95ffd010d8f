import { foldFrames, observationsOf } from '@invigil/protocol/report';
import { ruleSets } from '@invigil/protocol/rules';
import { describe, expect, test } from 'vitest';
import { uneventfulFigures, uneventfulWindows } from './uneventful-windows.ts';
import { engineFigures, paceFigures, percentile } from './figures.ts';
import { inVideoSeconds, knownTimesMs, scoreAgainst } from './score.ts';

const rules = ruleSets['2']!;

const observation = (type: string, from_s: number, to_s: number, known_s: number | null = from_s + 1) => ({
  type,
  from_s,
  to_s,
  confidence: 0.9,
  known_s,
});

describe('a rehearsal set against the truth', () => {
  const event = { type: 'phone_visible', from_s: 40, to_s: 50 };

  test('finds an event that an observation of its type overlaps, and reports how late it was known', () => {
    const { truth, falseObservations } = scoreAgainst([event], [observation('phone_visible', 41, 49, 42.5)]);
    expect(truth).toEqual({
      phone_visible: { events: 1, found: 1, latency_s: 2.5, start_error_s: 1, end_error_s: -1 },
    });
    expect(falseObservations).toEqual([]);
  });

  test('takes the earliest of several observations, and the latest of several events', () => {
    const second = { ...event, from_s: 70, to_s: 80 };
    const seen = [
      observation('phone_visible', 41, 42, 42),
      observation('phone_visible', 46, 49, 47),
      observation('phone_visible', 71, 75, 73),
    ];
    expect(scoreAgainst([event, second], seen).truth.phone_visible).toEqual({
      events: 2,
      found: 2,
      latency_s: 3,
      start_error_s: 1,
      end_error_s: -5,
    });
  });

  test('does not find an event in an observation of another type, which is false', () => {
    const other = observation('looking_away', 41, 49);
    const { truth, falseObservations } = scoreAgainst([event], [other]);
    expect(truth.phone_visible).toMatchObject({
      events: 1,
      found: 0,
      latency_s: null,
      start_error_s: null,
      end_error_s: null,
    });
    expect(falseObservations).toEqual([other]);
  });

  test.each([
    [51.4, 53, false],
    [51.6, 53, true],
    [30, 38.6, false],
    [30, 38.4, true],
  ])('calls an observation from %d to %d s false: %s', (from, to, isFalse) => {
    const { falseObservations } = scoreAgainst([event], [observation('phone_visible', from, to)]);
    expect(falseObservations.length).toBe(isFalse ? 1 : 0);
  });
});

describe('the clock of a rehearsal', () => {
  const frames = Array.from({ length: 60 }, (_, index) => ({
    frame_id: String(index),
    seq: index,
    timestamp: 1_000_000 + index * 200,
    received_at: 0,
    no_of_face: index >= 20 && index < 40 ? 0 : 1,
    engine_latency_ms: 120,
  }));

  test('states when an observation became known: when the rule opened it, and the reading was done', () => {
    const state = foldFrames(frames);
    const absent = observationsOf(state).filter(({ type }) => type === 'face_absent');
    const known = knownTimesMs(frames, rules);
    const [seen] = inVideoSeconds(absent, known, { originMs: 1_000_000, speed: 1 });
    expect(seen!.from_s).toBe(4);
    expect(seen!.known_s).toBeGreaterThan(seen!.from_s + 1);
    expect(seen!.known_s).toBeLessThan(seen!.from_s + 2);
  });

  test('multiplies times back when the video played faster', () => {
    const absent = [{ id: 'a', type: 'face_absent', from_ms: 2000, to_ms: 3000, confidence: 1 }];
    const [seen] = inVideoSeconds(absent, new Map([['a', 2500]]), { originMs: 1000, speed: 2 });
    expect(seen).toEqual({ type: 'face_absent', from_s: 2, to_s: 4, confidence: 1, known_s: 3 });
  });
});

describe('the uneventful windows of a rehearsal', () => {
  const events = [
    { type: 'face_absent', from_s: 60, to_s: 70 },
    { type: 'phone_visible', from_s: 20, to_s: 30 },
  ];
  const windows = uneventfulWindows(events, 100);
  const frames = Array.from({ length: 500 }, (_, seq) => {
    const second = seq / 5;
    const isIn = (index: number) => second >= events[index]!.from_s && second <= events[index]!.to_s;
    return {
      frame_id: String(seq),
      seq,
      timestamp: 1_000_000 + seq * 200,
      received_at: 0,
      no_of_face: isIn(0) ? 0 : 1,
      head_yaw: 0,
      head_pitch: 0,
      phone_present: isIn(1) ? (1 as const) : (0 as const),
    };
  });
  const clock = { originMs: 1_000_000, speed: 1 };

  test('lie between the events, with a margin', () => {
    expect(windows).toEqual([
      { from_s: 0, to_s: 18.5 },
      { from_s: 31.5, to_s: 58.5 },
      { from_s: 71.5, to_s: 100 },
    ]);
  });

  test('give no risk by themselves, unlike a window with an event', () => {
    expect(uneventfulFigures(frames, windows, clock, rules)).toEqual({
      stretches: 3,
      seconds: 74,
      risk: 0,
      observations: [],
    });
    const eventful = uneventfulFigures(frames, [{ from_s: 0, to_s: 30 }], clock, rules);
    expect(eventful.risk).toBeGreaterThan(0);
    expect(eventful.observations).toContain('phone_visible');
  });
});

describe('the figures of a rehearsal', () => {
  test('takes percentiles by nearest rank, null for an empty list', () => {
    expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3);
    expect(percentile([1, 2, 3, 4], 0.95)).toBe(4);
    expect(percentile([], 0.5)).toBeNull();
  });

  test('leaves out frames in which a detector did not run', () => {
    const figures = engineFigures([
      { engine_backend: 'wasm', engine_face_ms: 40, engine_object_ms: null },
      { engine_backend: null, engine_face_ms: 60 },
    ]);
    expect(figures.backend).toBe('wasm');
    expect(figures.face_ms).toEqual({ p50: 40, p95: 60 });
    expect(figures.object_ms).toEqual({ p50: null, p95: null });
  });

  test('finds the slowest five seconds and the longest gap', () => {
    const steady = Array.from({ length: 50 }, (_, index) => ({ timestamp: index * 200 }));
    const afterGap = steady.map(({ timestamp }) => ({ timestamp: timestamp + 13_800 }));
    const pace = paceFigures([...steady, ...afterGap]);
    expect(pace).toMatchObject({ longestGapMs: 4000 });
    expect(pace?.slowestHz).toBeLessThan(2);
    expect(pace?.meanHz).toBeGreaterThan(4);
  });
});
