import type { LostRange } from '../outbox/outbox-store.ts';
import type { ClientMessage } from './transport.ts';

/** Maximum number of ranges in one message; equal to the protocol's limit for frames in a batch. */
const rangesPerMessage = 500;

const keyOf = ({ seqs: [from, to] }: LostRange): string => `${from}-${to}`;

/** The losses that one connection has reported. A range that has grown since is reported again. */
export class LossReports {
  readonly #reported = new Set<string>();

  reset(): void {
    this.#reported.clear();
  }

  /** Messages that report the losses beginning between `fromSeq` and `toSeq` (inclusive), which then count as reported. */
  take(ranges: readonly LostRange[], fromSeq: number, toSeq: number): ClientMessage[] {
    const due = ranges
      .filter((range) => range.seqs[0] >= fromSeq && range.seqs[0] <= toSeq && !this.#reported.has(keyOf(range)))
      .toSorted((a, b) => a.seqs[0] - b.seqs[0]);
    for (const range of due) this.#reported.add(keyOf(range));
    const messages: ClientMessage[] = [];
    for (let index = 0; index < due.length; index += rangesPerMessage) {
      // `counts` is only for losses without a number.
      messages.push({ type: 'losses', counts: {}, ranges: due.slice(index, index + rangesPerMessage) });
    }
    return messages;
  }
}
