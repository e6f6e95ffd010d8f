import type { ObservationType } from '../rules/observation.ts';
import type { Report, ReportObservation } from './report.ts';

/**
 * The report in the form of the documented server (`?format=sd`). It is derived from the report and adds no analysis.
 * Durations are seconds, not frame counts; a frame without a face is not counted as gaze off screen.
 */
export interface SdReport {
  session_info: {
    session_id: string;
    exam_id: string | null;
    member_id: string | null;
    start_time: string;
    end_time: string | null;
    duration_seconds: number;
    total_frames: number;
    observed_seconds: number;
    /** Time seen live, and time that arrived late after an outage. Absent in reports of rules before version 3. */
    live_seconds?: number;
    late_seconds?: number;
    not_observed_seconds?: number;
  };
  window_analysis: { from_s: number; to_s: number; observations: number; types: ObservationType[] }[];
  suspicious_events: {
    phone_detections: SdEvent[];
    multiple_faces: SdEvent[];
    gaze_off_screen: SdEvent[];
    extreme_head_movements: SdEvent[];
    no_face_detected: SdEvent[];
    summary: { total_events: number; by_type: Record<string, number>; risk: number };
  };
  timeline: { time_s: number; type: ObservationType; duration_s: number; confidence: number }[];
  recommendations: string[];
}

/** An observation; times in seconds since the first frame, confidence 0–1. */
interface SdEvent {
  id: string;
  from_s: number;
  to_s: number;
  duration_s: number;
  confidence: number;
}

/** Length of an analysis window. */
const windowSeconds = 60;

/** The documented event lists, and the observation types in each. */
const groups = {
  phone_detections: ['phone_visible'],
  multiple_faces: ['multiple_faces'],
  gaze_off_screen: ['gaze_off_exam', 'reading_aside'],
  extreme_head_movements: ['looking_away', 'head_turned'],
  no_face_detected: ['face_absent'],
} as const satisfies Record<string, readonly ObservationType[]>;

const eventOf = ({ id, from_s, to_s, duration_s, confidence }: ReportObservation): SdEvent => ({
  id,
  from_s,
  to_s,
  duration_s,
  confidence,
});

const eventsOf = (report: Report, types: readonly ObservationType[]): SdEvent[] =>
  report.observations.filter(({ type }) => types.includes(type)).map(eventOf);

const windowsOf = (report: Report): SdReport['window_analysis'] => {
  const count = Math.ceil((report.coverage?.duration_s ?? 0) / windowSeconds);
  return Array.from({ length: count }, (_, index) => {
    const from = index * windowSeconds;
    const to = Math.min(from + windowSeconds, report.coverage?.duration_s ?? 0);
    const inside = report.observations.filter(({ from_s, to_s }) => from_s < to && to_s >= from);
    return { from_s: from, to_s: to, observations: inside.length, types: [...new Set(inside.map(({ type }) => type))] };
  });
};

/** Suggestions for the reviewer, never conclusions. */
const recommendationsOf = (report: Report): string[] => {
  const list = report.risk.contributions
    .filter(({ points }) => points > 0)
    .map(
      ({ type, seconds }) =>
        `Review ${report.totals[type]?.count ?? 0} × ${type} (${seconds} s) and the frames that show it.`,
    );
  const share = report.coverage?.share ?? 0;
  if (share < 0.9)
    list.push(`Only ${Math.round(share * 100)} % of the session was observed: check the gaps and their reasons first.`);
  if (list.length === 0) list.push('Nothing to review.');
  return list;
};

const clocksOf = (coverage: Report['coverage']): Partial<SdReport['session_info']> =>
  coverage?.live_s === undefined
    ? {}
    : {
        live_seconds: coverage.live_s,
        late_seconds: coverage.late_s ?? 0,
        not_observed_seconds: Math.round((coverage.duration_s - coverage.observed_s) * 1000) / 1000,
      };

export const sdReport = (report: Report): SdReport => {
  const byType = Object.fromEntries(Object.entries(report.totals).map(([type, { count }]) => [type, count]));
  return {
    session_info: {
      session_id: report.session.session_id,
      exam_id: report.session.exam_id,
      member_id: report.session.member_id,
      start_time: report.session.started_at,
      end_time: report.session.ended_at,
      duration_seconds: report.coverage?.duration_s ?? 0,
      total_frames: report.integrity.frames,
      observed_seconds: report.coverage?.observed_s ?? 0,
      ...clocksOf(report.coverage),
    },
    window_analysis: windowsOf(report),
    suspicious_events: {
      phone_detections: eventsOf(report, groups.phone_detections),
      multiple_faces: eventsOf(report, groups.multiple_faces),
      gaze_off_screen: eventsOf(report, groups.gaze_off_screen),
      extreme_head_movements: eventsOf(report, groups.extreme_head_movements),
      no_face_detected: eventsOf(report, groups.no_face_detected),
      summary: { total_events: report.observations.length, by_type: byType, risk: report.risk.value },
    },
    timeline: report.observations.map(({ from_s, type, duration_s, confidence }) => ({
      time_s: from_s,
      type,
      duration_s,
      confidence,
    })),
    recommendations: recommendationsOf(report),
  };
};
