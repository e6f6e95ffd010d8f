import { withDeadline } from '../../timing/deadline.ts';

const answerTimeoutMs = 5000;

/** An image to transfer or draw. Rejects if the browser cannot make it, or does not answer, for example without memory. */
export const bitmapOf = (source: ImageBitmapSource): Promise<ImageBitmap> =>
  withDeadline('createImageBitmap', answerTimeoutMs, createImageBitmap(source), (late) => late.close());
