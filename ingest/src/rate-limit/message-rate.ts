import type { ConnectionLimits } from '../config/connection-limits.ts';
import { TokenBucket } from './token-bucket.ts';

type RateLimits = Pick<
  ConnectionLimits,
  'messagesPerSecond' | 'messageBurst' | 'bytesPerSecond' | 'byteBurst' | 'strikes'
>;

const strikesPerSecond = 1;
/** How often a client is notified that it sends too fast. */
const notifyEveryMs = 1000;

/** The rate limits of one connection: messages, bytes, and refused messages ("strikes"). */
export class MessageRate {
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #strikes: TokenBucket;
  #notifiedMs = -Infinity;

  constructor(limits: RateLimits, nowMs: number) {
    this.#messages = new TokenBucket(limits.messagesPerSecond, limits.messageBurst, nowMs);
    this.#bytes = new TokenBucket(limits.bytesPerSecond, limits.byteBurst, nowMs);
    this.#strikes = new TokenBucket(strikesPerSecond, limits.strikes, nowMs);
  }

  /** Whether a message of this size is within the limits. */
  take(bytes: number, nowMs: number): boolean {
    return this.#messages.take(1, nowMs) && this.#bytes.take(bytes, nowMs);
  }

  /** Whether the connection may have one more message refused. */
  takeStrike(nowMs: number): boolean {
    return this.#strikes.take(1, nowMs);
  }

  /**
   * When the client may send a message of this size, at least 1 s from now; null if it was notified within the last
   * second.
   */
  retryAfterMs(bytes: number, nowMs: number): number | null {
    if (nowMs - this.#notifiedMs < notifyEveryMs) return null;
    this.#notifiedMs = nowMs;
    return Math.max(notifyEveryMs, this.waitMs(bytes));
  }

  /** Time until a message of this size is within the limits, in milliseconds. */
  waitMs(bytes: number): number {
    return Math.max(this.#messages.waitMs(1), this.#bytes.waitMs(bytes));
  }
}
