import * as v from 'valibot';

const days = (max: number) => v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max)));
const maxRetentionDays = 3650;

/** `thumbnails`: a small picture every couple of seconds, only while somebody watches, never kept on a disk. */
const LiveViewSchema = v.picklist(['none', 'numbers', 'thumbnails']);
/** Whether pictures of the separate program on `/ws/sentinel` are passed on to those who watch. */
const SentinelPicturesSchema = v.boolean();

const otherEntries = {
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
};

/** As it is kept, with everything said. */
const KeptPolicySchema = v.object({
  live_view: LiveViewSchema,
  sentinel_pictures: SentinelPicturesSchema,
  ...otherEntries,
});

/**
 * What may be seen and kept of an exam's students. What is not said has the value that shows and keeps least, but for the numbers.
 * Where nothing is said of what may be seen, students' pages show their numbers, and a program that somebody installed in order to send
 * pictures sends them, as documented. Where something is said, it is meant for both.
 */
export const ExamPolicySchema = v.pipe(
  v.object({
    live_view: v.optional(LiveViewSchema),
    sentinel_pictures: v.optional(SentinelPicturesSchema),
    ...otherEntries,
  }),
  v.transform(({ live_view, sentinel_pictures, ...others }): v.InferInput<typeof KeptPolicySchema> => ({
    ...others,
    live_view: live_view ?? 'numbers',
    sentinel_pictures: sentinel_pictures ?? (live_view === undefined || live_view === 'thumbnails'),
  })),
  KeptPolicySchema,
);
export type ExamPolicy = v.InferOutput<typeof ExamPolicySchema>;
