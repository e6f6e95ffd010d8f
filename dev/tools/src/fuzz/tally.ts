const keptSamples = 20;

export interface EndpointTally {
  messages: number;
  /** Number of messages by outcome, such as an HTTP status or a close code. */
  outcomes: Record<string, number>;
}

/** Counts the outcomes of the messages by endpoint. */
export class Tally {
  readonly #endpoints = new Map<string, EndpointTally>();
  readonly #unexpected = new Map<string, { count: number; sample: string }>();
  readonly hangs: string[] = [];

  count(endpoint: string, outcome: string, messages = 1): void {
    const entry = this.#endpoints.get(endpoint) ?? { messages: 0, outcomes: {} };
    this.#endpoints.set(endpoint, entry);
    entry.messages += messages;
    entry.outcomes[outcome] = (entry.outcomes[outcome] ?? 0) + 1;
  }

  hang(endpoint: string, what: string): void {
    this.count(endpoint, 'hang');
    this.hangs.push(`${endpoint}: ${what}`);
  }

  unexpected(endpoint: string, what: string, sample: string): void {
    const key = `${endpoint}: ${what}`;
    const entry = this.#unexpected.get(key) ?? { count: 0, sample };
    entry.count += 1;
    this.#unexpected.set(key, entry);
  }

  unexpectedCount(): number {
    return [...this.#unexpected.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /** The first example of each kind of unexpected outcome. */
  samples(): string[] {
    return [...this.#unexpected]
      .slice(0, keptSamples)
      .map(([what, { count, sample }]) => `${count} × ${what}: ${sample}`);
  }

  total(): number {
    return [...this.#endpoints.values()].reduce((sum, { messages }) => sum + messages, 0);
  }

  /** By endpoint, in alphabetical order. */
  byEndpoint(): Record<string, EndpointTally> {
    return Object.fromEntries([...this.#endpoints].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
}
