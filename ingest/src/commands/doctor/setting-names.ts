import { EnvironmentSchema } from '../../config/environment.ts';
import { warning } from './finding.ts';
import type { Finding } from './finding.ts';

/** Edits (insert, delete, replace, swap neighbours) that turn one word into the other. */
const distance = (from: string, to: string): number => {
  const rows = Array.from({ length: from.length + 1 }, (_row, i) =>
    Array.from({ length: to.length + 1 }, (_cell, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= from.length; i++) {
    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1];
      const isSwapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const best = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (isSame ? 0 : 1));
      rows[i]![j] = isSwapped ? Math.min(best, at(i - 2, j - 2) + 1) : best;
    }
  }
  return at(from.length, to.length);
};

const maxDistance = 2;
/** Variables that the drivers of Postgres and the packages of OpenTelemetry read themselves. */
const readByLibraries = /^(PG[A-Z]+|OTEL_[A-Z_]+)$/;

/**
 * Variables whose names are nearly those of a setting: the server ignores them. In an `.env` file, which has no other purpose, also every
 * variable that neither the server nor one of its libraries reads.
 */
export const misspelledSettings = (names: readonly string[], inFile: readonly string[]): Finding[] => {
  const known = Object.keys(EnvironmentSchema.entries);
  return [...new Set([...names, ...inFile])].flatMap((name) => {
    if (known.includes(name)) return [];
    const near = known.find((candidate) => candidate.length > 4 && distance(name, candidate) <= maxDistance);
    if (near !== undefined) return [warning(name, 'is not a setting, so it is ignored', `rename it to ${near}`)];
    if (!inFile.includes(name) || readByLibraries.test(name)) return [];
    return [warning(name, 'is in .env but is not a setting', 'remove it, or see docs/reference/configuration.md')];
  });
};
