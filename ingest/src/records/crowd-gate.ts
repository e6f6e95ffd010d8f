import { Gathered } from './gathered.ts';
import type { GatheredOptions } from './gathered.ts';

/** Longest delay of background work while a crowd arrives. */
const crowdWaitMs = 100;

/**
 * Lets background work begin together while a crowd arrives, so that the reads and writes for all of them become a few statements and
 * transactions. Somebody who arrives alone passes at once.
 *
 * @example
 * await gate.pass();
 * await students.find(examId, studentId); // with those who passed together
 */
export class CrowdGate {
  readonly #arrivals: Gathered<null, null>;

  constructor(wait?: GatheredOptions['wait']) {
    this.#arrivals = new Gathered(async (all) => all, { crowdWaitMs, ...(wait === undefined ? {} : { wait }) });
  }

  pass(): Promise<unknown> {
    return this.#arrivals.add(null);
  }
}
