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
 * Quick failures before HTTP if a WebSocket worked last and no message arrives: the server is probably down, and HTTP requests from many
 * clients would slow its restart. A server that restarts refuses at once, so slow failures count twice.
 */
const quickFailuresBeforeHttp = 6;
/**
 * How long a step below the best is used before a better one is tried: soon at first, because the server may only have
 * been restarting.
 */
const firstTermMs = 15_000;
const maxTermMs = 300_000;

/**
 * Chooses the transport by acknowledgements, not by whether it opens: after several attempts in a row without one it
 * steps down, and from time to time it tries a better step.
 */
export class TransportLadder {
  #index = 0;
  #failures = 0;
  /** Of these, those in which a server message arrived. */
  #heardFailures = 0;
  /** Sockets and HTTP have failed since the last success: there is probably no network, so they are tried in turn. */
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
   * arrived. @param isSlow whether it ended only after a wait for an answer.
   */
  failed(isHeard: boolean, isSlow = false): void {
    if (this.#provenIndex !== null) {
      this.#index = this.#provenIndex;
      this.#provenIndex = null;
      this.#termMs = Math.min(maxTermMs, this.#termMs * 2);
      return;
    }
    this.#failures += isSlow && this.#didSocketWork ? 2 : 1;
    if (isHeard) this.#heardFailures += 1;
    if (this.#failures < this.#mostFailures && this.#heardFailures < attemptsPerStep) return;
    this.#forgetFailures();
    this.#stepDown(isHeard);
  }

  /** The server has acknowledged frames over this step for a while. */
  proved(): void {
    this.#forgetFailures();
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
    this.#forgetFailures();
    if (this.#index < firstHttpStep) this.#index -= 1;
    else if (this.#index > firstHttpStep && this.#probes % 2 === 0) this.#index = firstHttpStep;
    else this.#index = this.#probes % 2 === 1 ? 0 : lastSocketStep;
  }

  get #didSocketWork(): boolean {
    return this.#lastProved === 'socket';
  }

  /** On this step. */
  get #mostFailures(): number {
    if (!this.#didSocketWork) return this.#allFailed ? 1 : attemptsPerStep;
    if (this.step.transport === 'http') return 1;
    return this.#allFailed ? 2 : quickFailuresBeforeHttp;
  }

  #forgetFailures(): void {
    this.#failures = 0;
    this.#heardFailures = 0;
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
