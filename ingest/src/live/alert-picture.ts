import { setTimeout as delay } from 'node:timers/promises';
import type { LiveView } from './live-view.ts';
import { wasTakenSince } from './session-pictures.ts';
import type { SessionPictures } from './session-pictures.ts';

export interface PictureSources {
  view: Pick<LiveView, 'lastPictureOf'>;
  pictures: Pick<SessionPictures, 'ofAlert'>;
}

const pollMs = 100;
/** How long an alert waits for the next image of a sentinel, which sends them without a request. */
const waitMs = 3000;

/**
 * An image of the session to go with an alert, never one from before the observation: it would contradict the alert.
 * @param sinceMs when the observation began, milliseconds since the Unix epoch
 * @returns base64; null if there is none in time
 */
export const alertPicture = async (
  { view, pictures }: PictureSources,
  sessionId: string,
  sinceMs: number,
): Promise<string | null> => {
  for (let waitedMs = 0; waitedMs <= waitMs; waitedMs += pollMs) {
    const shown = view.lastPictureOf(sessionId);
    if (shown === null || shown.data === '') break;
    if (wasTakenSince(shown.atMs, sinceMs)) return shown.data;
    // Thumbnails that the page sends on request are shown in the same view.
    const requested = waitedMs === 0 ? await pictures.ofAlert(sessionId, sinceMs) : null;
    if (requested !== null) return requested;
    await delay(pollMs, undefined, { ref: false });
  }
  return pictures.ofAlert(sessionId, sinceMs);
};
