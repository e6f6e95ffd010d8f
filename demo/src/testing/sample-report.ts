import type { StoredFrame } from '@invigil/protocol/frame';
import { foldFrames, makeReport } from '@invigil/protocol/report';
import type { Report } from '@invigil/protocol/report';
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
