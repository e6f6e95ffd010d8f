import * as v from 'valibot';

const days = (max: number) => v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max)));
const maxRetentionDays = 3650;

/** What may be seen and kept of an exam's students. What is not said has the value that shows and keeps least, but for the numbers. */
export const ExamPolicySchema = v.object({
  /** `thumbnails`: a small picture every couple of seconds, only while somebody watches, never kept on a disk. */
  live_view: v.optional(v.picklist(['none', 'numbers', 'thumbnails']), 'numbers'),
  /** Whether an alert may carry a small picture. */
  evidence: v.optional(v.picklist(['none', 'thumbnail']), 'none'),
  /** Whether students may read their own report after the end. */
  report_to_student: v.optional(v.boolean(), true),
  /** Whether students may pause the observation for a break. */
  breaks: v.optional(v.boolean(), false),
  /** The version of the rules that sessions are analysed with; null: the server's current one. */
  rules_version: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(20))), null),
  /** Where to tell of alerts, ends, reports and reviews, beside the server's own address; null: nowhere else. */
  webhook_url: v.optional(
    v.nullable(
      v.pipe(
        v.string(),
        v.url(),
        v.maxLength(2000),
        v.check((url) => url.startsWith('https://'), 'https only'),
      ),
    ),
    null,
  ),
  /** How long after the end things are kept; null: until somebody deletes them. */
  retention: v.optional(
    v.object({
      frames_days: v.optional(days(maxRetentionDays), 30),
      reports_days: v.optional(days(maxRetentionDays), 365),
    }),
    {},
  ),
});
export type ExamPolicy = v.InferOutput<typeof ExamPolicySchema>;
