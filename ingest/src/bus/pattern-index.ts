import { matcherOf } from './subject.ts';

interface Entry<Value> {
  value: Value;
  matches: (words: readonly string[]) => boolean;
}

/**
 * Finds the patterns that match a subject, indexed by the text before their first wildcard. Each open classroom has a pattern, and comparing
 * each message with all of them would cost more than sending it.
 *
 * @example
 * index.set('classrooms.physics.*', handlers);
 * index.matching('classrooms.physics.presence'); // [handlers]
 */
export class PatternIndex<Value> {
  /** By the text in front of the first wildcard, then by pattern. */
  readonly #entries = new Map<string, Map<string, Entry<Value>>>();

  /** @param pattern with at least one wildcard */
  set(pattern: string, value: Value): void {
    const start = startOf(pattern);
    const entries = this.#entries.get(start) ?? new Map<string, Entry<Value>>();
    this.#entries.set(start, entries.set(pattern, { value, matches: matcherOf(pattern) }));
  }

  delete(pattern: string): void {
    const start = startOf(pattern);
    const entries = this.#entries.get(start);
    entries?.delete(pattern);
    if (entries?.size === 0) this.#entries.delete(start);
  }

  clear(): void {
    this.#entries.clear();
  }

  matching(subject: string): Value[] {
    const found: Value[] = [];
    // A wildcard is always a whole word, so the text before it is empty or ends with a dot.
    for (let end = 0; ;) {
      const entries = this.#entries.get(subject.slice(0, end));
      if (entries !== undefined) addMatching(entries, subject, found);
      const dot = subject.indexOf('.', end);
      if (dot === -1) return found;
      end = dot + 1;
    }
  }
}

const startOf = (pattern: string): string => pattern.slice(0, pattern.search(/[*>]/));

const addMatching = <Value>(entries: ReadonlyMap<string, Entry<Value>>, subject: string, found: Value[]): void => {
  const words = subject.split('.');
  for (const { value, matches } of entries.values()) if (matches(words)) found.push(value);
};
