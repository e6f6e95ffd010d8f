import * as v from 'valibot';

/** The code of a link by which a phone becomes a camera. */
export const CameraJoinSchema = v.object({ code: v.pipe(v.string(), v.minLength(1), v.maxLength(100)) });
