import * as v from 'valibot';

/**
 * The rules of https://github.com/adlnet/xAPI-Spec/blob/1.0.3/xAPI-Data.md for statements with the properties that the server sends. Any
 * other property is refused, as a learning record store must.
 */
const IriSchema = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i, 'an IRI needs a scheme'));
const UuidSchema = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i, 'RFC 4122'),
);
/** Keys are language tags (RFC 5646). */
const LanguageMapSchema = v.record(v.pipe(v.string(), v.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)), v.string());
/** The only place where null is allowed. */
const ExtensionsSchema = v.record(IriSchema, v.unknown());
const DurationSchema = v.pipe(
  v.string(),
  v.regex(/^P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/, 'ISO 8601 duration'),
);
/** RFC 3339, with a time zone. */
const TimestampSchema = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/),
  v.check((at) => !Number.isNaN(Date.parse(at))),
);
const ActivitySchema = v.strictObject({
  objectType: v.exactOptional(v.literal('Activity')),
  id: IriSchema,
  definition: v.exactOptional(v.strictObject({ type: IriSchema })),
});

const StatementSchema = v.strictObject({
  id: UuidSchema,
  // Exactly one identifier: no mbox, mbox_sha1sum or openid beside the account.
  actor: v.strictObject({
    objectType: v.literal('Agent'),
    account: v.strictObject({ homePage: v.pipe(v.string(), v.url()), name: v.pipe(v.string(), v.minLength(1)) }),
  }),
  verb: v.strictObject({ id: IriSchema, display: LanguageMapSchema }),
  object: ActivitySchema,
  result: v.exactOptional(
    v.strictObject({ duration: v.exactOptional(DurationSchema), extensions: v.exactOptional(ExtensionsSchema) }),
  ),
  context: v.strictObject({
    registration: UuidSchema,
    platform: v.string(),
    contextActivities: v.exactOptional(v.strictObject({ category: v.pipe(v.array(ActivitySchema), v.minLength(1)) })),
  }),
  timestamp: TimestampSchema,
});

/** The body of `POST /statements`. */
export const StatementsSchema = v.pipe(
  v.array(StatementSchema),
  v.minLength(1),
  v.check((statements) => new Set(statements.map(({ id }) => id)).size === statements.length, 'ids must differ'),
);
