import * as v from 'valibot';
import { AlertResultSchema } from '@invigil/protocol/channels';
import { observationTypes } from '@invigil/protocol/rules';
import type { TypeEquals } from '@invigil/protocol/frame';
import { reviewOutcomes } from '@invigil/protocol/report';
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

export const OpenAlertsSchema = v.object({
  alerts: v.array(v.object({ stream_id: v.string(), result: AlertResultSchema })),
  next_cursor: text,
});

const marks = { confirmed: count, dismissed: count, unsure: count };
const outcome = v.nullable(v.picklist(reviewOutcomes));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const ListedReportSchema = v.object({
  session_id: v.string(),
  student_id: text,
  student_name: text,
  version: count,
  rules_version: v.string(),
  started_at: v.nullable(moment),
  ended_at: v.nullable(moment),
  risk: v.pipe(v.nullable(v.number()), v.description('0–100: the review priority')),
  coverage: v.nullable(
    v.object({
      share: v.pipe(v.nullable(share), v.description('Observed live; in reports of rules before version 3, observed')),
      duration_s: v.number(),
      observed_s: v.nullable(v.number()),
      live_s: v.nullable(v.number()),
      late_s: v.nullable(v.number()),
    }),
  ),
  observations: v.pipe(v.record(v.string(), count), v.description('Number of observations by type')),
  alerts: count,
  violations: count,
  contests: count,
  review: v.object({
    status: v.picklist(['open', 'second', 'reviewed']),
    outcome,
    by: text,
    at: v.nullable(moment),
    other_outcome: outcome,
    other_by: text,
  }),
});

/** `GET /api/v1/exams/{exam_id}/reports` */
export const ExamReportsSchema = v.object({
  exam_id: v.string(),
  exam_title: text,
  reviewers: v.pipe(v.picklist([1, 2]), v.description('Reviewers who must decide on each report')),
  history: v.pipe(v.boolean(), v.description('Whether the policy lets a student’s history list these reports')),
  counts: v.pipe(
    v.object({
      all: count,
      open: count,
      second: count,
      reviewed: count,
      contested: count,
      disagreed: count,
      decidable: v.pipe(count, v.description('The user can decide on these')),
      matching: count,
    }),
    v.description('Reports of the exam by status, and those that match the filter'),
  ),
  reports: v.array(ListedReportSchema),
  next_cursor: v.pipe(text, v.description('Null on the last page')),
});

/** `GET /api/v1/students/{member_id}/history` */
export const StudentHistorySchema = v.object({
  student_id: v.string(),
  student_name: text,
  reports: v.array(v.object({ exam_id: v.string(), exam_title: text, ...ListedReportSchema.entries })),
  has_more: v.pipe(v.boolean(), v.description('Whether there are older reports than the 200 newest')),
});

export const BulkReviewAnswerSchema = v.object({
  matching: count,
  recorded: count,
  failed: v.pipe(count, v.description('Reports that could not be decided on, because a store failed')),
  session_ids: v.array(v.string()),
});

/** `GET /api/v1/rule-outcomes` */
export const RuleOutcomesSchema = v.object({
  rules: v.array(
    v.object({
      rules_version: v.string(),
      type,
      sessions: count,
      observations: count,
      ...marks,
      alerts: count,
      alerts_confirmed: count,
      alerts_dismissed: count,
      alerts_unsure: count,
    }),
  ),
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
