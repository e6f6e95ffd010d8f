import * as v from 'valibot';
import { observationTypes } from '@invigil/protocol/rules';
import type { TypeEquals } from '@invigil/protocol/frame';
import type { SdReport } from '@invigil/protocol/report';

const moment = v.pipe(v.string(), v.isoTimestamp());
const text = v.nullable(v.string());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const type = v.picklist(observationTypes);

export const ReportListSchema = v.object({
  reports: v.array(v.object({ version: count, rules_version: v.string(), created_at: moment })),
});

export const AuditSchema = v.object({
  audit: v.array(v.object({ at: moment, actor: v.string(), action: v.string(), detail: v.unknown() })),
});

const SdEventSchema = v.object({
  id: v.string(),
  from_s: v.number(),
  to_s: v.number(),
  duration_s: v.number(),
  confidence: v.number(),
});
const events = v.array(SdEventSchema);

/** `?format=sd`: the parts that clients of the documented server expect. */
export const SdReportSchema = v.object({
  session_info: v.object({
    session_id: v.string(),
    exam_id: text,
    member_id: text,
    start_time: v.string(),
    end_time: text,
    duration_seconds: v.number(),
    total_frames: count,
    observed_seconds: v.number(),
    live_seconds: v.exactOptional(v.number()),
    late_seconds: v.exactOptional(v.number()),
    not_observed_seconds: v.exactOptional(v.number()),
  }),
  window_analysis: v.array(
    v.object({ from_s: v.number(), to_s: v.number(), observations: count, types: v.array(type) }),
  ),
  suspicious_events: v.object({
    phone_detections: events,
    multiple_faces: events,
    gaze_off_screen: events,
    extreme_head_movements: events,
    no_face_detected: events,
    summary: v.object({ total_events: count, by_type: v.record(v.string(), count), risk: v.number() }),
  }),
  timeline: v.array(v.object({ time_s: v.number(), type, duration_s: v.number(), confidence: v.number() })),
  recommendations: v.array(v.string()),
});

const matches: TypeEquals<v.InferOutput<typeof SdReportSchema>, SdReport> = true;
void matches;
