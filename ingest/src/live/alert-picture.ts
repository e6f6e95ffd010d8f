import { setTimeout as delay } from 'node:timers/promises';
import type { LiveView } from './live-view.ts';
import { wasTakenSince } from './session-pictures.ts';
import type { SessionPictures } from './session-pictures.ts';

export interface PictureSources {
  view: Pick<LiveView, 'lastPictureOf'>;
  pictures: Pick<SessionPictures, 'ofAlert'>;
}

const pollMs = 100;
/** How long an alert waits for the next image of a sentinel, which sends images without being asked. */
const waitMs = 3000;

/** The next image in the view. Null if there was none at all, or none in time. */
const nextShown = async (
  { view }: PictureSources,
  sessionId: string,
  sinceMs: number,
  requested: { isAnswered: boolean },
): Promise<string | null> => {
  for (let waitedMs = 0; waitedMs <= waitMs && !requested.isAnswered; waitedMs += pollMs) {
    const shown = view.lastPictureOf(sessionId);
    if (shown === null || shown.data === '') return null;
    if (wasTakenSince(shown.atMs, sinceMs)) return shown.data;
    await delay(pollMs, undefined, { ref: false });
  }
  return null;
};

/**
 * An image of the session for an alert. Never one from before the observation, because it would contradict the alert. Sentinels send
 * images without being asked, pages send thumbnails on request; this waits for both at the same time.
 * @param sinceMs when the observation began, milliseconds since the Unix epoch
 * @returns base64; null if there is none in time
 */
export const alertPicture = async (
  sources: PictureSources,
  sessionId: string,
  sinceMs: number,
): Promise<string | null> => {
  const shown = sources.view.lastPictureOf(sessionId);
  if (shown !== null && shown.data !== '' && wasTakenSince(shown.atMs, sinceMs)) return shown.data;
  const requested = { isAnswered: false };
  const asked = sources.pictures.ofAlert(sessionId, sinceMs).then((image) => {
    requested.isAnswered = image !== null;
    return image;
  });
  return (await nextShown(sources, sessionId, sinceMs, requested)) ?? (await asked);
};
