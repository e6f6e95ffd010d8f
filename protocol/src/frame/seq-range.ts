import * as v from 'valibot';

/** Number of a frame within its session: 0, 1, 2, … as the client assigns them. */
export const SeqSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));

/** Inclusive range of sequence numbers, `[first, last]`. */
export const SeqRangeSchema = v.pipe(
  v.tuple([SeqSchema, SeqSchema]),
  v.check(([from, to]) => from <= to, 'the first number of a range must not be greater than the last'),
);
export type SeqRange = v.InferOutput<typeof SeqRangeSchema>;
