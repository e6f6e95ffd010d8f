import * as v from 'valibot';
import { AccommodationSchema } from '@invigil/protocol/rules';

const list = v.pipe(v.array(AccommodationSchema), v.maxLength(20));

export const AccommodationsSchema = v.object({ accommodations: list });

/** All students of an exam who have accommodations. */
export const ExamAccommodationsSchema = v.object({
  students: v.array(v.object({ student_id: v.string(), accommodations: list })),
});
