import type { StoredFrame } from '@invigil/protocol/frame';
import { emptyContext, foldFrames, makeReport, startArrivals, stepArrivals } from '@invigil/protocol/report';
import type { Report, SessionContext } from '@invigil/protocol/report';
import { currentRuleSet } from '@invigil/protocol/rules';

const startMs = Date.UTC(2026, 0, 5, 9);
const frameMs = 200;
const seconds = 60;
/** A phone is visible in this part of the session. */
const phoneFromS = 20;
const phoneToS = 30;

const frames = (): StoredFrame[] =>
  Array.from({ length: (seconds * 1000) / frameMs }, (_, seq) => {
    const atS = (seq * frameMs) / 1000;
    const hasPhone = atS >= phoneFromS && atS < phoneToS;
    return {
      frame_id: String(seq),
      seq,
      timestamp: startMs + seq * frameMs,
      received_at: startMs + seq * frameMs,
      no_of_face: 1,
      phone_present: hasPhone ? 1 : 0,
      phone_conf: hasPhone ? 90 : 0,
    };
  });

/** The report of a one-minute session in which a phone was visible for ten seconds, made by the real analysis. */
export const sampleReport = (change: Partial<Report> = {}): Report => ({
  ...makeReport(foldFrames(frames()), {
    session: {
      session_id: 'session-1',
      exam_id: 'physics',
      member_id: 'ada',
      status: 'ended',
      started_at: new Date(startMs).toISOString(),
      ended_at: new Date(startMs + seconds * 1000).toISOString(),
    },
    integrity: { frames_lost: 2, losses: { outbox_full: 2 }, chain: 'abc123' },
    endMs: null,
    set: currentRuleSet,
    accommodations: [],
    weights: null,
  }),
  ...change,
});

const at = (second: number): string => new Date(startMs + second * 1000).toISOString();

const context: SessionContext = {
  ...emptyContext,
  breaks_allowed: false,
  handed_in_at: at(seconds + 40),
  answers: [
    { question_id: 'q1', question_number: 1, at: at(30), chain: 'abc' },
    { question_id: 'q2', question_number: 2, at: at(seconds + 35), chain: null },
  ],
  alerts: [
    { observation_id: 'gone-1', type: 'phone_visible', from_ms: startMs, to_ms: startMs, raised_at: at(21) },
    { observation_id: 'late-1', type: 'answered_unobserved', from_ms: startMs, to_ms: startMs, raised_at: at(95) },
  ],
  other_sessions: [{ session_id: 'session-0', status: 'ended', started_at: at(-90), ended_at: at(-60) }],
  frames_missing: 3,
};

/**
 * A minute of which the server received the second half late, after an outage, followed by a break that was not allowed and by
 * answers that nobody observed. Made by the real analysis, in order of arrival.
 */
export const evidenceReport = (change: Partial<Report> = {}): Report => {
  const late = (frame: StoredFrame): StoredFrame =>
    frame.timestamp < startMs + 20_000 ? frame : { ...frame, received_at: startMs + (seconds + 1) * 1000 };
  const paused: StoredFrame[] = Array.from({ length: 50 }, (_, index) => ({
    frame_id: String(300 + index),
    seq: 300 + index,
    timestamp: startMs + (seconds + index / 5) * 1000,
    received_at: startMs + (seconds + 2 + index / 5) * 1000,
    not_observed: 'paused',
  }));
  let state = startArrivals(startMs);
  for (const frame of [...frames().map(late), ...paused]) {
    [state] = stepArrivals(state, frame, currentRuleSet);
  }
  const made = makeReport(state, {
    session: { ...sampleReport().session, ended_at: at(seconds + 10) },
    integrity: { frames_lost: 0, losses: {}, chain: 'abc123' },
    endMs: startMs + (seconds + 10) * 1000,
    set: currentRuleSet,
    accommodations: [],
    weights: null,
    context,
  });
  const observations = made.observations.map((observation) => ({ ...observation, usual: true as const }));
  return { ...made, observations, integrity: { ...made.integrity, out_of_order: 4 }, ...change };
};
