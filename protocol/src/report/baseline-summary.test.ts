import { describe, expect, test } from 'vitest';
import { calm } from '../../test/rule-run.ts';
import { ruleSet2, stepRules } from '../rules/rule-set.ts';
import type { RuleSetState } from '../rules/rule-set.ts';
import { baselineSummaryOf } from './baseline-summary.ts';

const after = (count: number, head_yaw: number): RuleSetState => {
  let state: RuleSetState = {};
  for (let at = 0; at < count; at += 1) {
    const frame = { ...calm, head_yaw, frame_id: String(at), timestamp: at * 200 };
    ({ state } = stepRules(ruleSet2, state, frame));
  }
  return state;
};
const nothing = {
  head_yaw: null,
  head_pitch: null,
  face_x: null,
  face_y: null,
  face_w: null,
  mouth_moving: null,
  gaze_aside: null,
  gaze_off_exam: null,
};

describe('the summary of a baseline', () => {
  test('is unknown before there are enough frames', () => {
    expect(baselineSummaryOf({})).toEqual(nothing);
    expect(baselineSummaryOf(after(49, 0))).toEqual(nothing);
  });

  test('has the posture after 10 s, and the habits after a minute', () => {
    const posture = { head_yaw: 0.1235, head_pitch: 0, face_x: 0.5, face_y: 0.375, face_w: 0.2 };
    expect(baselineSummaryOf(after(50, 0.123456))).toEqual({ ...nothing, ...posture });
    expect(baselineSummaryOf(after(300, 0.123456))).toEqual({
      ...posture,
      mouth_moving: 0,
      gaze_aside: 0,
      gaze_off_exam: 1,
    });
  });
});
