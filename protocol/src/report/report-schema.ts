import * as v from 'valibot';
import { CalibrationSchema } from '../frame/calibration.ts';
import { lossReasons } from '../channels/session.ts';
import { unknownReasons } from '../frame/feature-vocabulary.ts';
import { observationTypes } from '../rules/observation.ts';
import type { Report } from './report.ts';
import { OtherSessionSchema, PhoneCameraSchema, ReportAlertSchema, ReportWorkSchema } from './session-context.ts';
import { ReviewSchema } from './review.ts';
import { violationTypes, ViolationSchema } from '../frame/violation.ts';

const gapReason = v.picklist([...unknownReasons, 'no_frames', 'paused_not_allowed']);
const seconds = v.pipe(v.number(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const type = v.picklist(observationTypes);

const CoverageSchema = v.object({
  from_ms: v.number(),
  to_ms: v.number(),
  duration_s: seconds,
  observed_s: seconds,
  share,
  not_observed_s: v.record(gapReason, seconds),
  gaps: v.array(
    v.object({ reason: gapReason, from_ms: v.number(), to_ms: v.number(), late_s: v.exactOptional(seconds) }),
  ),
  gaps_not_listed: count,
  live_s: v.exactOptional(seconds),
  late_s: v.exactOptional(seconds),
  live_share: v.exactOptional(share),
  late: v.exactOptional(v.array(v.object({ from_ms: v.number(), to_ms: v.number() }))),
});

const ObservationSchema = v.object({
  id: v.string(),
  type,
  from_ms: v.number(),
  to_ms: v.number(),
  from_s: v.number(),
  to_s: v.number(),
  duration_s: seconds,
  confidence: share,
  measured: v.record(v.string(), v.number()),
  evidence: v.object({ first: v.string(), strongest: v.string(), last: v.string() }),
  frames: count,
  usual: v.exactOptional(v.literal(true)),
});

const baselineReading = v.nullable(v.number());
const BaselineSummarySchema = v.object({
  head_yaw: baselineReading,
  head_pitch: baselineReading,
  face_x: baselineReading,
  face_y: baselineReading,
  face_w: baselineReading,
  mouth_moving: v.nullable(share),
  gaze_aside: v.nullable(share),
  gaze_off_exam: v.nullable(share),
});

const RiskSchema = v.object({
  value: v.pipe(v.number(), v.minValue(0), v.maxValue(100)),
  weights_version: v.string(),
  contributions: v.array(
    v.object({
      type,
      seconds,
      share_of_observed: v.pipe(v.number(), v.minValue(0)),
      coverage: share,
      max_points: v.number(),
      full_at_share: v.number(),
      points: v.number(),
      arithmetic: v.string(),
    }),
  ),
  sum_of_points: v.number(),
  capped_at: v.number(),
  cap_reason: v.nullable(v.string()),
});

/** Schema of a report, for the published JSON Schema and for clients that parse stored reports. */
export const ReportSchema = v.object({
  session: v.object({
    session_id: v.string(),
    exam_id: v.nullable(v.string()),
    member_id: v.nullable(v.string()),
    status: v.picklist(['running', 'ended']),
    started_at: v.string(),
    ended_at: v.nullable(v.string()),
  }),
  rules_version: v.string(),
  rules: v.array(v.object({ type, watched_s: seconds })),
  accommodations: v.array(v.string()),
  usual: BaselineSummarySchema,
  coverage: v.nullable(CoverageSchema),
  observations: v.array(ObservationSchema),
  violations: v.object({
    total: count,
    by_type: v.record(v.picklist(violationTypes), count),
    list: v.array(ViolationSchema),
    not_listed: count,
  }),
  totals: v.record(type, v.object({ count, seconds })),
  risk: RiskSchema,
  integrity: v.object({
    frames: count,
    frames_lost: count,
    losses: v.record(v.picklist(lossReasons), count),
    chain: v.nullable(v.string()),
    chained: v.exactOptional(
      v.nullable(v.object({ links: count, confirmed_links: count, frames: count, unchained_frames: count })),
    ),
    clock_corrected: v.exactOptional(v.object({ frames: count, largest_ms: v.number() })),
    frames_without: v.exactOptional(v.object({ storage: v.exactOptional(count), lock: v.exactOptional(count) })),
    out_of_order: v.exactOptional(count),
    outside_session: v.exactOptional(count),
    late_unexplained: v.exactOptional(count),
    constant_readings_s: v.exactOptional(seconds),
    repeated_readings_s: v.exactOptional(seconds),
    nearly_constant_readings_s: v.exactOptional(seconds),
    received: v.exactOptional(v.string()),
    store_lost: v.exactOptional(v.object({ frames: count })),
    received_too_late: v.exactOptional(count),
  }),
  alerts: v.exactOptional(v.array(ReportAlertSchema)),
  work: v.exactOptional(ReportWorkSchema),
  other_sessions: v.exactOptional(v.array(OtherSessionSchema)),
  phone_cameras: v.exactOptional(v.array(PhoneCameraSchema)),
  calibration: v.exactOptional(CalibrationSchema),
  review: ReviewSchema,
});

/** Fails to compile if schema and type differ. */
type ReportSchemaMatches =
  v.InferOutput<typeof ReportSchema> extends Report
    ? Report extends v.InferInput<typeof ReportSchema>
      ? true
      : never
    : never;
const matches: ReportSchemaMatches = true;
void matches;
