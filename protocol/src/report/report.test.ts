import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { riskWeightSets } from './risk-weights.ts';
import type { RiskWeights } from './risk-weights.ts';
import { FeaturesSchema } from '../frame/feature-frame.ts';
import type { Features, StoredFrame } from '../frame/feature-frame.ts';
import { currentRuleSet } from '../rules/rule-set.ts';
import { foldFrames, makeReport } from './report.ts';
import type { ReportSession } from './report.ts';
import { observationsCsv } from './observations-csv.ts';
import { sdReport } from './sd-report.ts';
import { ReportSchema } from './report-schema.ts';

const session: ReportSession = {
  session_id: 's1',
  exam_id: 'e1',
  member_id: 'm1',
  status: 'ended',
  started_at: '2026-01-18T10:30:00.000Z',
  ended_at: '2026-01-18T10:31:00.000Z',
};
const calm: Features = { no_of_face: 1, phone_present: 0, head_yaw: 0, head_pitch: 0 };
const stored = (seq: number, features: Features): StoredFrame => ({
  ...features,
  seq,
  frame_id: String(seq),
  timestamp: 1_000_000 + seq * 200,
  received_at: 2_000_000 + seq,
});
const framesOf = (count: number, at: (seq: number) => Features): StoredFrame[] =>
  Array.from({ length: count }, (_, seq) => stored(seq, at(seq)));
const integrity = { frames_lost: 0, losses: {}, chain: null };
const report = (frames: StoredFrame[], endMs: number | null = null, weights: RiskWeights | null = null) =>
  makeReport(foldFrames(frames), { session, integrity, endMs, set: currentRuleSet, accommodations: [], weights });

describe('the report', () => {
  test('counts frames without storage and lock, and time without camera as not observed; none of it gives points', () => {
    const {
      integrity: counted,
      coverage,
      risk,
      observations,
    } = report(
      framesOf(150, (seq) =>
        seq < 100 ? { not_observed: 'no_camera', storage_missing: 1, ...(seq < 10 ? { lock_missing: 1 } : {}) } : calm,
      ),
    );
    expect(counted.frames_without).toEqual({ storage: 100, lock: 10 });
    expect(coverage?.not_observed_s).toEqual({ no_camera: 19.8 });
    expect([observations, risk.value]).toEqual([[], 0]);
    expect(report(framesOf(5, () => calm)).integrity.frames_without).toBeUndefined();
  });

  test('gives an uneventful session no risk and full coverage', () => {
    const { risk, coverage, observations } = report(framesOf(150, () => calm));
    expect(risk.value).toBe(0);
    expect(coverage?.share).toBe(1);
    expect(observations).toEqual([]);
  });

  test('counts violations beyond the list', () => {
    const seen: Features = {
      ...calm,
      page_violations: [{ type: 'PASTE_ATTEMPT', timestamp: 1 }],
      page_violations_dropped: 3,
    };
    const { violations } = report(framesOf(10, (seq) => (seq === 5 ? seen : calm)));
    expect(violations).toMatchObject({ total: 4, not_listed: 3, by_type: { PASTE_ATTEMPT: 1 } });
  });

  test('has the latest calibration of the frames', () => {
    const at = (state: 'calibrated' | 'drifted', error_px: number) => {
      const { calibration } = v.parse(FeaturesSchema, { calibration: { state, at: 5, error_px } });
      return { ...calm, calibration };
    };
    const frames = framesOf(10, (seq) => (seq === 0 ? at('calibrated', 80) : seq === 6 ? at('drifted', 90) : calm));
    const made = report(frames);
    expect(made.calibration).toMatchObject({ state: 'drifted', error_px: 90, head_yaw: null });
    expect(v.parse(ReportSchema, made)).toEqual(made);
    expect(report(framesOf(10, () => calm))).not.toHaveProperty('calibration');
  });

  test('explains its risk to the point', () => {
    const made = report(
      framesOf(300, (seq) => (seq >= 100 && seq < 150 ? { ...calm, phone_present: 1, phone_conf: 60 } : calm)),
    );
    expect(made.observations).toMatchObject([{ type: 'phone_visible', from_s: 20, to_s: 29.8, duration_s: 9.8 }]);
    expect(made.totals).toEqual({ phone_visible: { count: 1, seconds: 9.8 } });
    expect(made.risk).toMatchObject({ value: 13, sum_of_points: 13.1, capped_at: 100 });
    expect(made.risk.contributions[0]?.arithmetic).toBe('40 × min(1, (9.8 s / max(59.8 s, 600 s) × 1) / 0.05) = 13.1');
  });

  test('can use other weights for the same observations, and names them', () => {
    const frames = framesOf(300, (seq) => (seq >= 100 && seq < 150 ? { ...calm, phone_present: 1 } : calm));
    const [made, reweighted] = [report(frames), report(frames, null, riskWeightSets['1'])];
    expect(reweighted).toEqual({ ...made, risk: reweighted.risk });
    expect([made.risk.weights_version, reweighted.risk.weights_version]).toEqual(['2', '1']);
    expect(reweighted.risk.value).toBe(40);
  });

  test('counts unobserved time as a gap with its reason, never as risk', () => {
    const blind: Features = { not_observed: 'camera_lost' };
    const made = report(framesOf(300, (seq) => (seq >= 100 && seq < 150 ? blind : calm)));
    expect(made.risk.value).toBe(0);
    expect(made.coverage?.gaps).toEqual([{ reason: 'camera_lost', from_ms: 1_019_800, to_ms: 1_029_800 }]);
    expect(made.coverage?.not_observed_s).toEqual({ camera_lost: 10 });
  });

  test('names missing frames, in the middle and at the end', () => {
    const frames = framesOf(300, () => calm).filter(({ seq }) => seq < 100 || seq >= 200);
    const made = report(frames, 1_000_000 + 70_000);
    expect(made.coverage?.gaps.map(({ reason, from_ms, to_ms }) => [reason, to_ms - from_ms])).toEqual([
      ['no_frames', 20_200],
      ['no_frames', 10_200],
    ]);
  });

  test('caps the risk when little was observed', () => {
    const frames = framesOf(6000, (seq) =>
      seq < 1170 ? { ...calm, no_of_face: 2, phone_present: 1 } : { not_observed: 'paused' },
    );
    const { risk, coverage } = report(frames);
    expect(coverage?.share).toBeLessThan(0.25);
    expect(risk.sum_of_points).toBeGreaterThan(risk.capped_at);
    expect(risk.value).toBe(risk.capped_at);
    expect(risk.cap_reason).toContain('only 19 %');
  });

  test('does not depend on the order in which frames arrived', () => {
    const frames = framesOf(120, (seq) => (seq % 40 > 20 ? { ...calm, no_of_face: 2 } : calm));
    const expected = JSON.stringify(report(frames));
    fc.assert(
      fc.property(fc.shuffledSubarray(frames, { minLength: frames.length }), (shuffled) => {
        expect(JSON.stringify(report(shuffled))).toBe(expected);
      }),
      { numRuns: 30 },
    );
  });

  test('never has more risk for readings that are unknown', () => {
    const features = fc.record({
      no_of_face: fc.constantFrom(0, 1, 1, 2),
      phone_present: fc.constantFrom(0 as const, 0 as const, 1 as const),
      head_yaw: fc.constantFrom(0, 0, 0.75),
      head_pitch: fc.constant(0),
    });
    const stretch = fc.tuple(features, fc.integer({ min: 1, max: 40 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(stretch, { minLength: 1, maxLength: 12 }), (stretches) => {
        const seen = stretches.flatMap(([reading, length]) => Array.from({ length }, (): Features => reading));
        const partly = stretches.flatMap(([reading, length, hidden]) =>
          Array.from({ length }, (): Features => (hidden ? { not_observed: 'camera_lost' } : reading)),
        );
        const risk = (list: Features[]) => report(list.map((frame, seq) => stored(seq, frame))).risk.value;
        expect(risk(partly)).toBeLessThanOrEqual(risk(seen));
      }),
      { numRuns: 500 },
    );
  });

  test('matches its published schema, and so do its other forms', () => {
    const made = report(
      framesOf(300, (seq) => (seq >= 100 && seq < 150 ? { ...calm, phone_present: 1, phone_conf: 60 } : calm)),
    );
    expect(v.parse(ReportSchema, JSON.parse(JSON.stringify(made)))).toEqual(made);
    const sd = sdReport(made);
    expect(sd.session_info).toMatchObject({ duration_seconds: 59.8, total_frames: 300 });
    expect(sd.suspicious_events.phone_detections).toHaveLength(1);
    expect(sd.window_analysis).toEqual([{ from_s: 0, to_s: 59.8, observations: 1, types: ['phone_visible'] }]);
    expect(observationsCsv(made).split('\r\n')).toEqual([
      expect.stringMatching(/^session_id,id,type/),
      's1,phone_visible-100,phone_visible,20,29.8,9.8,0.6,50,100,100,149,"{""phone_conf"":60}"',
      '',
    ]);
  });

  test('of no frames has no coverage and no risk', () => {
    const made = report([]);
    expect(made.coverage).toBeNull();
    expect(made.risk.value).toBe(0);
  });
});
