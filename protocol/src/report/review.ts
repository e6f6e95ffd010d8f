import * as v from 'valibot';

/** A proctor's decision on one observation. */
export const reviewMarks = ['confirmed', 'dismissed', 'unsure'] as const;
/** A proctor's decision on the whole session. Only a human sets it. */
export const reviewOutcomes = ['nothing_to_follow_up', 'follow_up', 'inconclusive'] as const;

const maxNoteLength = 4000;
const noteText = v.pipe(v.string(), v.maxLength(maxNoteLength));

/** Body of `PUT /api/v1/session/{id}/review`: an outcome, marks on observations, or both. */
export const ReviewRequestSchema = v.pipe(
  v.object({
    outcome: v.optional(v.picklist(reviewOutcomes)),
    notes: v.optional(noteText),
    observations: v.optional(
      v.pipe(
        v.array(
          v.object({
            id: v.pipe(v.string(), v.maxLength(300)),
            mark: v.picklist(reviewMarks),
            note: v.optional(noteText),
          }),
        ),
        v.maxLength(1000),
      ),
      [],
    ),
  }),
  v.check(({ outcome, notes }) => outcome !== undefined || notes === undefined, 'notes require an outcome'),
  v.check(
    ({ outcome, observations }) => outcome !== undefined || observations.length > 0,
    'a review requires an outcome or at least one mark',
  ),
);
export type ReviewRequest = v.InferOutput<typeof ReviewRequestSchema>;

/** Body of `POST …/review/observations/{observation_id}/contest`: the student's explanation. */
export const ContestRequestSchema = v.object({ text: v.pipe(v.string(), v.trim(), v.minLength(1), noteText) });

const nullableText = v.nullable(v.string());

/** The human part of a report, which never changes the analysis. Times are ISO 8601, server clock. */
export const ReviewSchema = v.object({
  status: v.picklist(['open', 'reviewed']),
  outcome: v.nullable(v.picklist(reviewOutcomes)),
  by: nullableText,
  at: nullableText,
  notes: nullableText,
  observations: v.array(
    v.object({ id: v.string(), mark: v.picklist(reviewMarks), note: nullableText, by: nullableText, at: v.string() }),
  ),
  /** The student's explanations of observations. */
  contests: v.array(v.object({ id: v.string(), text: v.string(), at: v.string() })),
});
export type Review = v.InferOutput<typeof ReviewSchema>;

/** The review of a report that nobody has reviewed yet. */
export const openReview: Review = {
  status: 'open',
  outcome: null,
  by: null,
  at: null,
  notes: null,
  observations: [],
  contests: [],
};
