import { pictureMaxSidePx } from '@invigil/protocol/channels';
import type { Picture, Problem, ServerSessionMessage } from '@invigil/protocol/channels';
import { TokenBucket } from '../rate-limit/token-bucket.ts';
import type { SendToSession, SessionConnectionListener } from '../sessions/session-connection.ts';
import type { Session } from '../model/session.ts';
import type { ExamDirectory } from './exam-directory.ts';
import { untilAnswered } from '../time/until-answered.ts';
import { imageProblem } from './jpeg-size.ts';

export interface SessionPicturesOptions {
  exams: ExamDirectory;
  now: () => number;
  /** How long an alert waits for its thumbnail. */
  answerWithinMs: number;
  /** Sends a thumbnail to the proctors who are watching. */
  show(sessionId: string, picture: Picture, index: number): void;
}

interface Link {
  send: SendToSession;
  /** Whether the client stated that its student was informed about thumbnails. */
  isWilling: boolean;
}

interface Pictured {
  links: Set<Link>;
  /** Both false until the exam's policy is known. */
  allowed: { watching: boolean; alerts: boolean };
  isWatched: boolean;
  /** Held in memory only. */
  last: { data: string; atMs: number } | null;
  count: number;
  rate: TokenBucket;
  /** Time of the last request for an alert. */
  askedMs: number;
  awaiting: Set<(data: string, arrivedMs: number) => void>;
}

/** Interval of thumbnails while a proctor watches. */
const everyMs = 2000;
const perSecond = 1;
const burst = 4;

/** A thumbnail is assumed to arrive at most this long after it was taken; a slower one counts as older. */
const transitMs = 1000;

/** Whether a thumbnail that arrived at `arrivedMs` was taken at or after `sinceMs`. */
export const wasTakenSince = (arrivedMs: number, sinceMs: number): boolean => arrivedMs - transitMs >= sinceMs;

const refused = (message: string): Problem => ({ code: 'PICTURE_REFUSED', message });

/**
 * Thumbnails from students' own pages. Requested only if the exam's policy allows them, while a proctor watches or an
 * alert is raised, and only from pages that informed their student. Never decoded; only the last one is kept, in
 * memory, while the student is connected.
 */
export class SessionPictures {
  readonly #options: SessionPicturesOptions;
  readonly #sessions = new Map<string, Pictured>();

  constructor(options: SessionPicturesOptions) {
    this.#options = options;
  }

  onSessionConnected(session: Session, send: SendToSession): SessionConnectionListener {
    const { sessionId } = session;
    const pictured = this.#sessions.get(sessionId) ?? this.#begin();
    this.#sessions.set(sessionId, pictured);
    const link: Link = { send, isWilling: false };
    pictured.links.add(link);
    const known = this.#lookUp(session, pictured);
    return {
      onHello: ({ pictures = false }) => {
        link.isWilling = pictures;
        void known.then(() => {
          if (pictures && pictured.links.has(link) && this.#wants(pictured)) send(wish(pictured, false));
        });
      },
      onClose: () => {
        pictured.links.delete(link);
        if (pictured.links.size === 0 && this.#sessions.get(sessionId) === pictured) this.#sessions.delete(sessionId);
      },
    };
  }

  watched(sessionId: string, isWatched: boolean): void {
    const pictured = this.#sessions.get(sessionId);
    if (pictured === undefined || pictured.isWatched === isWatched) return;
    pictured.isWatched = isWatched;
    if (pictured.allowed.watching) this.#request(pictured, false);
  }

  /** @returns why it was dropped, or null */
  take(sessionId: string, picture: Picture): Problem | null {
    const pictured = this.#sessions.get(sessionId);
    if (pictured === undefined || (!pictured.allowed.watching && !pictured.allowed.alerts)) {
      return refused('the exam’s policy does not allow images');
    }
    const atMs = this.#options.now();
    const problem = imageProblem(picture.data, pictureMaxSidePx);
    if (problem !== null) return refused(problem);
    if (!pictured.rate.take(1, atMs)) return refused(`more than ${perSecond} image a second`);
    pictured.last = { data: picture.data, atMs };
    pictured.count += 1;
    for (const offer of pictured.awaiting) offer(picture.data, atMs);
    if (pictured.allowed.watching) this.#options.show(sessionId, picture, pictured.count);
    return null;
  }

  /**
   * A thumbnail for an alert, taken at or after `sinceMs`: the last one, or a new one that is requested. Null if the policy does not
   * allow one, or none arrives in time.
   * @param sinceMs when the observation began, milliseconds since the Unix epoch
   */
  async ofAlert(sessionId: string, sinceMs: number): Promise<string | null> {
    const pictured = this.#sessions.get(sessionId);
    if (pictured === undefined || !pictured.allowed.alerts) return null;
    const { last } = pictured;
    if (last !== null && wasTakenSince(last.atMs, sinceMs)) return last.data;
    if (![...pictured.links].some(({ isWilling }) => isWilling)) return null;
    return this.#awaitNext(pictured, Math.min(sinceMs, this.#options.now()));
  }

  /**
   * The next thumbnail that was certainly taken after `sinceMs`. One already in transit may be older and is skipped, so the page is
   * asked only once its response is certain to be new enough.
   */
  #awaitNext(pictured: Pictured, sinceMs: number): Promise<string | null> {
    return new Promise((resolve) => {
      const settle = (data: string | null): void => {
        clearTimeout(timer);
        clearTimeout(asking);
        pictured.awaiting.delete(offer);
        resolve(data);
      };
      const offer = (data: string, arrivedMs: number): void => {
        if (wasTakenSince(arrivedMs, sinceMs)) settle(data);
      };
      pictured.awaiting.add(offer);
      const askAtMs = sinceMs + transitMs;
      const earlyMs = askAtMs - this.#options.now();
      const ask = (): void => this.#ask(pictured, askAtMs);
      const asking = earlyMs > 0 ? setTimeout(ask, earlyMs).unref() : undefined;
      if (earlyMs <= 0) ask();
      const timer = setTimeout(() => settle(null), this.#options.answerWithinMs).unref();
    });
  }

  /** One request serves all who wait and for whom it was late enough. */
  #ask(pictured: Pictured, notBeforeMs: number): void {
    if (pictured.awaiting.size > 1 && pictured.askedMs >= notBeforeMs) return;
    pictured.askedMs = this.#options.now();
    this.#request(pictured, true);
  }

  #begin(): Pictured {
    return {
      links: new Set(),
      allowed: { watching: false, alerts: false },
      isWatched: false,
      last: null,
      count: 0,
      rate: new TokenBucket(perSecond, burst, this.#options.now()),
      askedMs: -Infinity,
      awaiting: new Set(),
    };
  }

  #wants({ allowed, isWatched }: Pictured): boolean {
    return allowed.watching && isWatched;
  }

  #request(pictured: Pictured, now: boolean): void {
    for (const { send, isWilling } of pictured.links) if (isWilling) send(wish(pictured, now));
  }

  /** While the records are unavailable, the policy is unknown, so nothing is allowed until they answer. */
  async #lookUp({ examId }: Session, pictured: Pictured): Promise<void> {
    const { exams } = this.#options;
    const policy = await untilAnswered(
      () => exams.policyOf(examId),
      () => pictured.links.size > 0,
    );
    if (policy === null) return;
    pictured.allowed = { watching: policy.live_view === 'thumbnails', alerts: policy.evidence === 'thumbnail' };
  }
}

const wish = ({ allowed, isWatched }: Pictured, now: boolean): ServerSessionMessage => ({
  type: 'pictures',
  every_ms: allowed.watching && isWatched ? everyMs : null,
  now,
});
