import type { AnalysisState } from './analysis-state.ts';

type Members = Record<string, unknown>;
interface Parts {
  readonly [name: string]: Parts;
}

/** The objects whose members nearly every message replaces. Nothing else refers to them. */
const replacedParts: Parts = {
  last: {},
  arrived: { position: {} },
  state: {
    watchedMs: {},
    evidence: { coverage: {}, receipts: {}, order: {}, readings: {}, coarse: {}, loop: {} },
  },
};

const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null;

const overwriteParts = (kept: Members, next: Members, parts: Parts): Members => {
  for (const name in next) {
    const value = next[name];
    const [before, inner] = [kept[name], parts[name]];
    kept[name] =
      inner !== undefined && isObject(value) && isObject(before) ? overwriteParts(before, value, inner) : value;
  }
  return kept;
};

const copyParts = (kept: Members, parts: Parts): Members => {
  const copy = { ...kept };
  for (const [name, inner] of Object.entries(parts)) {
    const value = copy[name];
    if (isObject(value)) copy[name] = copyParts(value, inner);
  }
  return copy;
};

/**
 * Turns the state that is kept in memory into the next one, which must follow from it. Objects that lived until the next message, a second
 * later, would all be promoted to V8's old generation, and its collections hold up every message. Overwriting
 * numbers in objects that stay promotes nothing. Members that `next` lacks stay: an analysis never drops one.
 *
 * @param kept from `copyAnalysis`; the caller must hold the only reference
 */
export const overwriteAnalysis = (kept: AnalysisState, next: AnalysisState): void => {
  overwriteParts(kept as unknown as Members, next as unknown as Members, replacedParts);
};

/** A copy that `overwriteAnalysis` does not change, and that it may change. */
export const copyAnalysis = (kept: AnalysisState): AnalysisState =>
  copyParts(kept as unknown as Members, replacedParts) as unknown as AnalysisState;
