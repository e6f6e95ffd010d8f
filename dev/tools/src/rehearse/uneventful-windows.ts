import type { StoredFrame } from '@invigil/protocol/frame';
import { foldFrames, makeReport } from '@invigil/protocol/report';
import type { ReportFacts } from '@invigil/protocol/report';
import type { RuleSet } from '@invigil/protocol/rules';
import type { VideoClock, VideoEvent } from './score.ts';

/** A window keeps this distance from events, seconds. */
const marginS = 1.5;

/** Part of a video, in seconds from its beginning. */
export interface VideoWindow {
  from_s: number;
  to_s: number;
}

/** Result of the rules on the uneventful windows, where every observation is false. */
export interface UneventfulFigures {
  stretches: number;
  seconds: number;
  /** The highest of all analyses. */
  risk: number;
  /** Types of the observations. */
  observations: string[];
}

/** The parts of the video in which none of the labelled events happens. */
export const uneventfulWindows = (events: readonly VideoEvent[], durationS: number): VideoWindow[] => {
  const windows: VideoWindow[] = [];
  let from_s = 0;
  for (const event of events.toSorted((a, b) => a.from_s - b.from_s)) {
    if (event.from_s - marginS > from_s) windows.push({ from_s, to_s: event.from_s - marginS });
    from_s = Math.max(from_s, event.to_s + marginS);
  }
  if (durationS > from_s) windows.push({ from_s, to_s: durationS });
  return windows;
};

const factsWith = (set: RuleSet): ReportFacts => ({
  session: {
    session_id: 'part',
    exam_id: null,
    member_id: null,
    status: 'ended',
    started_at: new Date(0).toISOString(),
    ended_at: null,
  },
  integrity: { frames_lost: 0, losses: {}, chain: null },
  endMs: null,
  set,
  accommodations: [],
  weights: null,
});

/** Runs the rules on each window alone, and on all windows as one session. */
export const uneventfulFigures = (
  frames: readonly StoredFrame[],
  windows: readonly VideoWindow[],
  { originMs, speed }: VideoClock,
  set: RuleSet,
): UneventfulFigures => {
  const secondOf = ({ timestamp }: StoredFrame): number => ((timestamp - originMs) / 1000) * speed;
  const inside = ({ from_s, to_s }: VideoWindow): StoredFrame[] =>
    frames.filter((frame) => secondOf(frame) >= from_s && secondOf(frame) <= to_s);
  const parts = [...windows.map(inside), windows.flatMap(inside)];
  const reports = parts.map((part) => makeReport(foldFrames(part, set), factsWith(set)));
  return {
    stretches: windows.length,
    seconds: Math.round(windows.reduce((total, { from_s, to_s }) => total + (to_s - from_s), 0) * 10) / 10,
    risk: Math.max(...reports.map(({ risk }) => risk.value)),
    observations: reports.flatMap(({ observations }) =>
      observations.filter(({ type }) => type !== 'stream_gap').map(({ type }) => type),
    ),
  };
};
