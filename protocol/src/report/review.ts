import * as v from 'valibot';

/** What a proctor says of one observation. */
export const REVIEW_MARKS = ['confirmed', 'dismissed', 'unsure'] as const;
/** What a proctor says of the whole session. A human's decision, never the machine's. */
export const REVIEW_OUTCOMES = ['nothing_to_follow_up', 'follow_up', 'inconclusive'] as const;

const maxNoteLength = 4000;
const noteText = v.pipe(v.string(), v.maxLength(maxNoteLength));

/** The body of `PUT /api/v1/session/{id}/review`: the outcome, marks, or both. */
export const ReviewRequestSchema = v.pipe(
  v.object({
    outcome: v.optional(v.picklist(REVIEW_OUTCOMES)),
    notes: v.optional(noteText),
    observations: v.optional(
      v.pipe(
        v.array(
          v.object({
            id: v.pipe(v.string(), v.maxLength(300)),
            mark: v.picklist(REVIEW_MARKS),
            note: v.optional(noteText),
          }),
        ),
        v.maxLength(1000),
      ),
      [],
    ),
  }),
  v.check(({ outcome, notes }) => outcome !== undefined || notes === undefined, 'notes need an outcome'),
  v.check(
    ({ outcome, observations }) => outcome !== undefined || observations.length > 0,
    'an outcome or marks are needed',
  ),
);
export type ReviewRequest = v.InferOutput<typeof ReviewRequestSchema>;

/** The body of `POST …/review/observations/{observation_id}/contest`. */
export const ContestRequestSchema = v.object({ text: v.pipe(v.string(), v.trim(), v.minLength(1), noteText) });

const nullableText = v.nullable(v.string());

/** The human part of a report: beside the analysis, and never changing it. Moments are ISO 8601. */
export const ReviewSchema = v.object({
  status: v.picklist(['open', 'reviewed']),
  outcome: v.nullable(v.picklist(REVIEW_OUTCOMES)),
  by: nullableText,
  at: nullableText,
  notes: nullableText,
  observations: v.array(
    v.object({ id: v.string(), mark: v.picklist(REVIEW_MARKS), note: nullableText, by: nullableText, at: v.string() }),
  ),
  /** What the student answers to observations. */
  contests: v.array(v.object({ id: v.string(), text: v.string(), at: v.string() })),
});
export type Review = v.InferOutput<typeof ReviewSchema>;

/** Nobody has looked yet. */
export const openReview: Review = {
  status: 'open',
  outcome: null,
  by: null,
  at: null,
  notes: null,
  observations: [],
  contests: [],
};
