import type { LiveFrame } from '@invigil/protocol/channels';
import { LRUCache } from 'lru-cache';

interface KeptImage {
  frame: LiveFrame;
  /** Server clock, milliseconds since the Unix epoch. */
  atMs: number;
}

/** Maximum total size of the images kept for proctors who start to watch. Beyond it, the least recently used are dropped. */
const maxImageChars = 256_000_000;

/** Coverage and last minute are not sent with each frame, and never with an image. */
type Summary = Pick<LiveFrame, 'coverage' | 'recent'>;

const withSummary = (known: Summary | undefined, { coverage, recent }: Summary): Summary => ({
  ...known,
  ...(coverage === undefined ? {} : { coverage }),
  ...(recent === undefined ? {} : { recent }),
});

/** The last image of each sentinel, its last numbers if they are newer, and its last summary. Held in memory only. */
export class LastFrames {
  readonly #now: () => number;
  readonly #numbers = new Map<string, LiveFrame>();
  readonly #summaries = new Map<string, Summary>();
  readonly #images: LRUCache<string, KeptImage>;

  /** @param maxChars maximum total size of kept images */
  constructor(now: () => number, maxChars = maxImageChars) {
    this.#now = now;
    this.#images = new LRUCache({
      maxSize: maxChars,
      sizeCalculation: ({ frame }) => Math.max(1, frame.data?.length ?? 0),
    });
  }

  keep(sentinelId: string, frames: readonly LiveFrame[]): void {
    const last = frames.at(-1);
    if (last === undefined) return;
    for (const frame of frames) {
      if (frame.coverage === undefined && frame.recent === undefined) continue;
      this.#summaries.set(sentinelId, withSummary(this.#summaries.get(sentinelId), frame));
    }
    if (last.data === null) this.#numbers.set(sentinelId, last);
    else this.#numbers.delete(sentinelId);
    const image = frames.findLast(({ data }) => data !== null);
    if (image !== undefined) this.#images.set(sentinelId, { frame: image, atMs: this.#now() });
  }

  /** The last image, then newer numbers; either may be missing. The last of them has the summary. */
  of(sentinelId: string): LiveFrame[] {
    const kept = [this.#images.get(sentinelId)?.frame, this.#numbers.get(sentinelId)];
    const frames = kept.filter((frame) => frame !== undefined);
    const last = frames.pop();
    return last === undefined ? [] : [...frames, { ...last, ...this.#summaries.get(sentinelId) }];
  }

  /** The last image as base64, with its arrival by the server's clock; null if there is none. */
  imageOf(sentinelId: string): { data: string; atMs: number } | null {
    const kept = this.#images.get(sentinelId);
    return kept === undefined || kept.frame.data === null ? null : { data: kept.frame.data, atMs: kept.atMs };
  }

  delete(sentinelId: string): void {
    this.#numbers.delete(sentinelId);
    this.#summaries.delete(sentinelId);
    this.#images.delete(sentinelId);
  }
}
