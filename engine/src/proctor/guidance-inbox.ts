import type { GuidanceMessage } from '@invigil/protocol/channels';
import { noGuidance, stepGuidance } from './guidance.ts';
import type { Guidance } from './guidance.ts';

export interface GuidanceInboxOptions {
  beginBreak: () => void;
  endBreak: () => Promise<void>;
  onGuidance: (guidance: Guidance) => void;
}

/** Receives proctors' messages, and begins and ends the breaks that they ask for. */
export class GuidanceInbox {
  readonly #options: GuidanceInboxOptions;
  #guidance = noGuidance;

  constructor(options: GuidanceInboxOptions) {
    this.#options = options;
  }

  get guidance(): Guidance {
    return this.#guidance;
  }

  take(message: GuidanceMessage): void {
    const { beginBreak, endBreak, onGuidance } = this.#options;
    if (message.type === 'break') {
      if (message.action === 'begin') return beginBreak();
      // A failure is reported by the error event, and the student can try again.
      void endBreak().catch(() => undefined);
      return;
    }
    const guidance = stepGuidance(this.#guidance, message);
    if (guidance === this.#guidance) return;
    this.#guidance = guidance;
    onGuidance(guidance);
  }
}
