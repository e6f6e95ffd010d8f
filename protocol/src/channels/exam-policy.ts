import * as v from 'valibot';

const days = (max: number) => v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max)));
const maxRetentionDays = 3650;

/** An address that a page may link to; never `javascript:` or the like. */
const webAddress = (field: string) =>
  v.pipe(
    v.string(),
    v.url(),
    v.maxLength(2000),
    v.check((url) => /^https?:\/\//i.test(url), `${field} must start with https:// or http://`),
  );

/** `thumbnails`: a thumbnail every few seconds, only while a proctor watches, never written to disk. */
const LiveViewSchema = v.picklist(['none', 'numbers', 'thumbnails']);
/** Whether images from a separate sentinel program on `/ws/sentinel` are forwarded to proctors. */
const SentinelPicturesSchema = v.boolean();

/** SHA-256 values, as Safe Exam Browser's settings window shows them. */
const KeysSchema = v.pipe(
  v.array(v.pipe(v.string(), v.regex(/^[0-9a-fA-F]{64}$/, 'a key must have 64 hexadecimal digits'))),
  v.maxLength(20),
);

/** `xapi`: statements for a learning record store. */
export const webhookFormats = ['invigil', 'xapi'] as const;
export type WebhookFormat = (typeof webhookFormats)[number];

const otherEntries = {
  /** Whether an alert may include a thumbnail. */
  evidence: v.optional(v.picklist(['none', 'thumbnail']), 'none'),
  /** Whether students may read their own report after the session. */
  report_to_student: v.optional(v.boolean(), true),
  /** Whether teachers of several exams may see this exam's reports in a student's history across their exams. */
  history: v.optional(v.boolean(), false),
  /** Whether students may pause observation for a break. */
  breaks: v.optional(v.boolean(), false),
  /** Whether students may write to proctors during the exam; messages from proctors, and requests to erase data, are always possible. */
  chat: v.optional(v.boolean(), true),
  /**
   * What a session may run without. Time without camera or image analysis is not observed; frames state a missing storage or lock.
   * Nothing of it counts against the student.
   */
  may_run_without: v.optional(
    v.object({
      /** A camera: none found, blocked or broken. */
      camera: v.optional(v.boolean(), false),
      /** Image analysis: the browser cannot run it, or its files could not be loaded. */
      image_analysis: v.optional(v.boolean(), false),
      /** Storage for pending frames: a reload loses them. */
      storage: v.optional(v.boolean(), true),
      /** Web Locks: a second tab could run the same session. */
      lock: v.optional(v.boolean(), true),
    }),
    {},
  ),
  /** Whether students may use a phone as the camera: the same image analysis runs on the phone, which sends numbers only. */
  phone_camera: v.optional(v.boolean(), false),
  /** Reviewers who must decide on a report before it counts as reviewed. */
  reviewers: v.optional(v.picklist([1, 2]), 1),
  /** Version of the rule set that sessions are analysed with; null: the server's current one. */
  rules_version: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(20))), null),
  /** Additional webhook address for sessions, alerts, reports and reviews; null: none besides the server's own. */
  webhook_url: v.optional(
    v.nullable(
      v.pipe(
        v.string(),
        v.url(),
        v.maxLength(2000),
        v.check((url) => url.startsWith('https://'), 'webhook_url must start with https://'),
      ),
    ),
    null,
  ),
  /** Format of the webhooks to `webhook_url`. */
  webhook_format: v.optional(v.picklist(webhookFormats), 'invigil'),
  /** Who organises the exam: shown to students before they consent. `contact`: an email address, phone number or URL. */
  organiser: v.optional(
    v.nullable(
      v.object({
        name: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
        contact: v.optional(v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(300))), null),
        privacy_url: v.optional(v.nullable(webAddress('privacy_url')), null),
      }),
    ),
    null,
  ),
  /** Where the questions are; students continue there after the camera check. Null: the built-in page. */
  exam_url: v.optional(v.nullable(webAddress('exam_url')), null),
  /** Students must take the exam in Safe Exam Browser; null: in any browser. Requests of an exam platform for them are not held to it. */
  safe_exam_browser: v.optional(
    v.nullable(
      v.object({
        /** Config Keys of other configurations than the one that the server generates. */
        config_keys: v.optional(KeysSchema, []),
        /** Browser Exam Keys of the accepted versions; empty: any version. */
        browser_exam_keys: v.optional(KeysSchema, []),
      }),
    ),
    null,
  ),
  /** Retention after the exam's end, days; null: until deleted by hand. */
  retention: v.optional(
    v.object({
      frames_days: v.optional(days(maxRetentionDays), 30),
      reports_days: v.optional(days(maxRetentionDays), 365),
    }),
    {},
  ),
};

/** The stored form, with every field set. */
const KeptPolicySchema = v.object({
  live_view: LiveViewSchema,
  sentinel_pictures: SentinelPicturesSchema,
  ...otherEntries,
});

/**
 * Which data about an exam's students may be shown and stored. Omitted fields default to the most private value, with three exceptions:
 * live view defaults to numbers, students may ask proctors for help, and images from a separately installed sentinel program are forwarded, as documented.
 * If `live_view` is set and `sentinel_pictures` is not, sentinel images are forwarded only for `thumbnails`.
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
