import { describe, expect, test } from 'vitest';
import { calm } from '../../test/rule-run.ts';
import type { Features, StoredFrame } from '../frame/feature-frame.ts';
import { ruleSet2 } from '../rules/rule-set.ts';
import { observationsCsv } from './observations-csv.ts';
import { foldFrames, makeReport } from './report.ts';
import type { Report } from './report.ts';
import { sdReport } from './sd-report.ts';

/** A report of spans `[seconds, readings]`, at 5 frames a second. */
const reportOf = (stretches: readonly (readonly [seconds: number, features: Features])[], sessionId = 's1'): Report => {
  const frames = stretches
    .flatMap(([seconds, features]) => Array.from({ length: seconds * 5 }, () => features))
    .map((features, seq): StoredFrame => ({
      ...features,
      seq,
      frame_id: String(seq),
      timestamp: 1_000_000 + seq * 200,
      received_at: 2_000_000,
    }));
  return makeReport(foldFrames(frames, ruleSet2), {
    session: {
      session_id: sessionId,
      exam_id: 'e1',
      member_id: 'm1',
      status: 'ended',
      started_at: '2026-01-18T10:30:00.000Z',
      ended_at: null,
    },
    integrity: { frames_lost: 0, losses: {}, chain: null },
    endMs: null,
    set: ruleSet2,
    accommodations: [],
    weights: null,
  });
};
const phone: Features = { ...calm, phone_present: 1, phone_conf: 60 };
const absent: Features = { ...calm, no_of_face: 0, face_present: 0, head_yaw: null, head_pitch: null };
const away: Features = { ...calm, head_yaw: 0.9 };
const eventful = reportOf([
  [20, calm],
  [10, phone],
  [30, calm],
  [10, absent],
  [10, { ...calm, no_of_face: 2 }],
  [20, calm],
  [10, away],
  [10, calm],
]);

describe('the documented form of a report', () => {
  const sd = sdReport(eventful);

  test('describes the session', () => {
    expect(sd.session_info).toEqual({
      session_id: 's1',
      exam_id: 'e1',
      member_id: 'm1',
      start_time: '2026-01-18T10:30:00.000Z',
      end_time: null,
      duration_seconds: 119.8,
      total_frames: 600,
      observed_seconds: 119.8,
    });
  });

  test('sorts observations into the documented lists', () => {
    const { phone_detections, multiple_faces, no_face_detected, extreme_head_movements, gaze_off_screen, summary } =
      sd.suspicious_events;
    expect(phone_detections).toEqual([
      { id: 'phone_visible-100', from_s: 20, to_s: 29.8, duration_s: 9.8, confidence: 0.6 },
    ]);
    expect(no_face_detected).toMatchObject([{ from_s: 60, to_s: 69.8 }]);
    expect(multiple_faces).toMatchObject([{ from_s: 70, to_s: 79.8 }]);
    expect(extreme_head_movements).toMatchObject([{ from_s: 100, to_s: 109.8 }]);
    expect(gaze_off_screen).toEqual([]);
    expect(summary).toEqual({
      total_events: 4,
      by_type: { phone_visible: 1, face_absent: 1, multiple_faces: 1, looking_away: 1 },
      risk: eventful.risk.value,
    });
  });

  test('divides the session into minutes, the last one shorter', () => {
    expect(sd.window_analysis).toEqual([
      { from_s: 0, to_s: 60, observations: 1, types: ['phone_visible'] },
      { from_s: 60, to_s: 119.8, observations: 3, types: ['face_absent', 'multiple_faces', 'looking_away'] },
    ]);
  });

  test('counts an observation in every minute that it touches', () => {
    const { window_analysis } = sdReport(
      reportOf([
        [55, calm],
        [10, phone],
        [15, calm],
      ]),
    );
    expect(window_analysis.map(({ observations }) => observations)).toEqual([1, 1]);
  });

  test('lists observations on a timeline', () => {
    expect(sd.timeline.map(({ time_s, type }) => [time_s, type])).toEqual([
      [20, 'phone_visible'],
      [60, 'face_absent'],
      [70, 'multiple_faces'],
      [100, 'looking_away'],
    ]);
  });

  test('recommends what to review, by points', () => {
    expect(sd.recommendations).toHaveLength(4);
    expect(sd.recommendations[0]).toBe('Review 1 × phone_visible (9.8 s) and the frames that show it.');
  });

  test('of an ordinary session has nothing to review', () => {
    expect(sdReport(reportOf([[60, calm]])).recommendations).toEqual(['Nothing to review.']);
  });

  test('points out low coverage', () => {
    const { recommendations } = sdReport(
      reportOf([
        [30, calm],
        [30, { not_observed: 'paused' }],
      ]),
    );
    expect(recommendations).toEqual(['Only 50 % of the session was observed: check the gaps and their reasons first.']);
  });

  test('of no frames is empty', () => {
    expect(sdReport(reportOf([]))).toMatchObject({
      session_info: { duration_seconds: 0, total_frames: 0 },
      window_analysis: [],
      timeline: [],
    });
  });
});

describe('observations as CSV', () => {
  const header =
    'session_id,id,type,from_s,to_s,duration_s,confidence,frames,first_frame,strongest_frame,last_frame,measured';

  test('of an ordinary session is only a header', () => {
    expect(observationsCsv(reportOf([[10, calm]]))).toBe(`${header}\r\n`);
  });

  test('has one line per observation, ended by CRLF', () => {
    const lines = observationsCsv(eventful).split('\r\n');
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toBe('');
    expect(lines[2]).toBe('s1,face_absent-300,face_absent,60,69.8,9.8,0.95,50,300,300,349,"{""faces"":0}"');
  });

  test.each([
    ['=1+1', "'=1+1"],
    ['+49', "'+49"],
    ['-x', "'-x"],
    ['@name', "'@name"],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['=a,b', '"\'=a,b"'],
    ['plain', 'plain'],
  ])('writes the text %s as %s', (sessionId, field) => {
    const [, line] = observationsCsv(reportOf([[5, phone]], sessionId)).split('\r\n');
    expect(line?.startsWith(`${field},phone_visible-0,`)).toBe(true);
  });
});
