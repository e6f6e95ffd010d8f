import * as v from 'valibot';
import { AccommodationSchema } from '@invigil/protocol/rules';

export const AccommodationsSchema = v.object({
  accommodations: v.pipe(v.array(AccommodationSchema), v.maxLength(20)),
});
