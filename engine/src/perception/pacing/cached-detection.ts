import type { UnknownReason } from '@invigil/protocol/frame';

/** Whether a detector works on this device, and if not, why. */
export type Capability = { available: true } | { available: false; reason: string };

/** A result, and when its image was taken. */
export interface Held<T> {
  value: T;
  atMs: number;
}

type State<T> =
  | { state: 'missing'; reason: string }
  | { state: 'working'; held: Held<T> | null }
  /** It is retried when it is next due. */
  | { state: 'failed'; reason: string };

/**
 * A detector that does not run on every image: its last result is reused while it is fresh. A failure affects only its
 * own readings.
 */
export class CachedDetection<T> {
  #state: State<T>;
  readonly #onCapability: (capability: Capability) => void;

  /**
   * @param capability as found while loading. @param onCapability called when the detector fails, and when it works
   * again.
   */
  constructor(capability: Capability, onCapability: (capability: Capability) => void = () => {}) {
    this.#state = capability.available
      ? { state: 'working', held: null }
      : { state: 'missing', reason: capability.reason };
    this.#onCapability = onCapability;
  }

  get capability(): Capability {
    const state = this.#state;
    return state.state === 'working' ? { available: true } : { available: false, reason: state.reason };
  }

  /** Stores the result of `detect` as the current reading; does nothing for a missing detector. */
  async run(atMs: number, detect: () => Promise<T>): Promise<void> {
    if (this.#state.state === 'missing') return;
    const wasWorking = this.#state.state === 'working';
    try {
      this.#state = { state: 'working', held: { value: await detect(), atMs } };
    } catch (error) {
      this.#state = { state: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
    if (wasWorking !== (this.#state.state === 'working')) this.#onCapability(this.capability);
  }

  fresh(atMs: number, freshForMs: number): Held<T> | null {
    const held = this.#state.state === 'working' ? this.#state.held : null;
    return held !== null && atMs - held.atMs <= freshForMs ? held : null;
  }

  /** Why there is no fresh result. */
  get whyUnknown(): UnknownReason {
    if (this.#state.state === 'missing') return 'model_missing';
    return this.#state.state === 'failed' ? 'detector_failed' : 'not_due';
  }

  forget(): void {
    if (this.#state.state === 'working') this.#state = { state: 'working', held: null };
  }
}
