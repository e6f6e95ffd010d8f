import * as v from 'valibot';
import { IdSchema } from '@invigil/protocol/frame';

export const maxAgents = 1000;
const maxClassrooms = 100;
/** The largest value of an integer column in Postgres. */
export const maxSequenceId = 2 ** 31 - 1;

const wholeNumber = (preset: number, min: number, max: number) =>
  v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number), v.minValue(min), v.maxValue(max)),
    String(preset),
  );

/** The query of `GET /api/v1/classrooms/{id}/agents`. */
export const PageSchema = v.object({
  /** The last entry that the client has; the page of results starts after it. */
  sequence_id: wholeNumber(0, 0, maxSequenceId),
  limit: wholeNumber(100, 1, maxAgents),
});

/** The body of `POST /api/v1/counters/agent`. */
export const CountersSchema = v.object({ classroom_ids: v.pipe(v.array(IdSchema), v.maxLength(maxClassrooms)) });
