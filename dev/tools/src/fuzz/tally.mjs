const samplesKept = 20;

/** What became of the messages, by door. */
export class Tally {
  #doors = new Map();
  #unexpected = new Map();
  hangs = [];

  count(door, outcome, messages = 1) {
    const its = this.#doors.get(door) ?? { messages: 0, outcomes: {} };
    this.#doors.set(door, its);
    its.messages += messages;
    its.outcomes[outcome] = (its.outcomes[outcome] ?? 0) + 1;
  }

  hang(door, what) {
    this.count(door, 'hang');
    this.hangs.push(`${door}: ${what}`);
  }

  unexpected(door, what, sample) {
    const key = `${door}: ${what}`;
    const its = this.#unexpected.get(key) ?? { count: 0, sample };
    its.count += 1;
    this.#unexpected.set(key, its);
  }

  unexpectedCount() {
    return [...this.#unexpected.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /** One of each kind of what was not expected. */
  samples() {
    return [...this.#unexpected]
      .slice(0, samplesKept)
      .map(([what, { count, sample }]) => `${count} × ${what}: ${sample}`);
  }

  total() {
    return [...this.#doors.values()].reduce((sum, { messages }) => sum + messages, 0);
  }

  /** By door, in the order of the alphabet. */
  doors() {
    return Object.fromEntries([...this.#doors].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
}
