import type { TransportName } from './delivery-state.ts';

/** One way to carry the session channel. */
export interface TransportStep {
  transport: TransportName;
  maxBatchBytes: number;
  /** WebSocket compression; some proxies break compressed frames. */
  compressed: boolean;
}

const fullBytes = 64_000;
/** Some proxies reset a connection after a few kilobytes. */
const smallBytes = 4000;

/** From the best to the most cautious. */
const steps: readonly TransportStep[] = [
  { transport: 'socket', maxBatchBytes: fullBytes, compressed: true },
  { transport: 'socket', maxBatchBytes: smallBytes, compressed: true },
  { transport: 'socket', maxBatchBytes: smallBytes, compressed: false },
  { transport: 'http', maxBatchBytes: fullBytes, compressed: false },
  { transport: 'http', maxBatchBytes: smallBytes, compressed: false },
];
const firstHttpStep = 3;
const lastSocketStep = firstHttpStep - 1;

/** Failed attempts before the next step. */
const attemptsPerStep = 3;
/**
 * The same without any message from the server, if a WebSocket worked last: the server is probably down. HTTP requests of many clients
 * would only slow its return down.
 */
const attemptsBeforeHttp = 6;
/**
 * How long a step below the best is used before a better one is tried: soon at first, because the server may only have
 * been restarting.
 */
const firstTermMs = 15_000;
const maxTermMs = 300_000;

/**
 * Chooses the transport by acknowledgements, not by whether it opens: after three attempts in a row without one it
 * steps down, and from time to time it tries a better step.
 */
export class TransportLadder {
  #index = 0;
  #failures = 0;
  /** Every step has failed since the last success: there is probably no network, so steps are tried in turn. */
  #allFailed = false;
  /** The step to return to if the one being tried fails; null if none is being tried. */
  #provenIndex: number | null = null;
  #termMs = firstTermMs;
  #probes = 0;
  #lastProved: TransportName | null = null;

  get step(): TransportStep {
    return steps[this.#index] as TransportStep;
  }

  /** When to try a better step; null on the best one. */
  get probeAfterMs(): number | null {
    return this.#index === 0 ? null : this.#termMs;
  }

  /**
   * An attempt ended without an acknowledgement, or soon after the first. @param isHeard whether any server message
   * arrived.
   */
  failed(isHeard: boolean): void {
    if (this.#provenIndex !== null) {
      this.#index = this.#provenIndex;
      this.#provenIndex = null;
      this.#termMs = Math.min(maxTermMs, this.#termMs * 2);
      return;
    }
    this.#failures += 1;
    if (this.#failures < this.#attemptsOnStep(isHeard)) return;
    this.#failures = 0;
    this.#stepDown(isHeard);
  }

  /** The server has acknowledged frames over this step for a while. */
  proved(): void {
    this.#failures = 0;
    this.#allFailed = false;
    this.#lastProved = this.step.transport;
    if (this.#provenIndex === null) return;
    this.#provenIndex = null;
    this.#termMs = firstTermMs;
  }

  /** The next attempt uses a better step; if that fails once, the current one is used again, and for longer. */
  probe(): void {
    this.#provenIndex = this.#index;
    this.#probes += 1;
    this.#failures = 0;
    if (this.#index < firstHttpStep) this.#index -= 1;
    else if (this.#index > firstHttpStep && this.#probes % 2 === 0) this.#index = firstHttpStep;
    else this.#index = this.#probes % 2 === 1 ? 0 : lastSocketStep;
  }

  #attemptsOnStep(isHeard: boolean): number {
    const didSocketWork = this.#lastProved === 'socket';
    if (this.#allFailed) return didSocketWork && this.step.transport === 'socket' ? 2 : 1;
    if (isHeard || !didSocketWork) return attemptsPerStep;
    return this.step.transport === 'socket' ? attemptsBeforeHttp : 1;
  }

  #stepDown(isHeard: boolean): void {
    const isHttp = this.step.transport === 'http';
    // If not even the server's welcome arrives, smaller messages would not arrive either.
    if (isHeard) this.#index += 1;
    else this.#index = isHttp ? steps.length : firstHttpStep;
    if (this.#index < steps.length) return;
    this.#index = 0;
    this.#allFailed = true;
  }
}
