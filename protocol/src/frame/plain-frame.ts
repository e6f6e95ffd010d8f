import type * as v from 'valibot';
import { FeatureFrameSchema } from './feature-frame.ts';
import type { FeatureFrame, Features } from './feature-frame.ts';

/**
 * A fast path for validation. Nearly every frame comes from the engine: known fields with plain values. For these, checks derived from the
 * schema reach the same result in a tenth of the time; every other frame goes through the schema itself.
 */
type Check = (value: unknown) => boolean;

const numberCheck = (actions: readonly { type: string; requirement?: unknown }[]): Check | null => {
  let [least, most, isWhole] = [-Infinity, Infinity, false];
  for (const { type, requirement } of actions) {
    if (type === 'min_value') least = Math.max(least, Number(requirement));
    else if (type === 'max_value') most = Math.min(most, Number(requirement));
    else if (type === 'integer') isWhole = true;
    else if (type !== 'number' && type !== 'finite') return null;
  }
  return isWhole
    ? (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most
    : (value) => Number.isFinite(value) && (value as number) >= least && (value as number) <= most;
};

const isOneOf = (schema: v.GenericSchema): Check | null => {
  if (schema.type !== 'picklist') return null;
  const options = new Set<unknown>((schema as v.PicklistSchema<readonly string[], undefined>).options);
  return (value) => options.has(value);
};

const recordCheck = ({ key, value }: { key: v.GenericSchema; value: v.GenericSchema }): Check | null => {
  const [isKey, isValue] = [isOneOf(key), isOneOf(value)];
  if (isKey === null || isValue === null) return null;
  return (raw) =>
    typeof raw === 'object' &&
    raw !== null &&
    !Array.isArray(raw) &&
    Object.entries(raw).every(([name, own]) => isKey(name) && isValue(own));
};

/** Null if the schema needs more than these checks cover. */
const checkOf = (schema: v.GenericSchema): Check | null => {
  if (schema.type === 'record') {
    return recordCheck(schema as unknown as { key: v.GenericSchema; value: v.GenericSchema });
  }
  if (schema.type === 'number' && 'pipe' in schema) return numberCheck(schema.pipe as readonly { type: string }[]);
  return isOneOf(schema);
};

const never: Check = () => false;

const { seq, timestamp, ...optional } = FeatureFrameSchema.entries;
const checks = new Map<string, Check>([
  ['seq', checkOf(seq) ?? never],
  // Milliseconds only; the schema parses ISO 8601 text.
  ['timestamp', checkOf(timestamp.options[0]) ?? never],
  ...Object.entries(optional).map(([name, entry]): [string, Check] => {
    const own = checkOf(entry.wrapped.wrapped) ?? never;
    return [name, (value) => value === null || own(value)];
  }),
]);

const arePlain = (raw: object): boolean => {
  for (const name in raw) {
    const check = checks.get(name);
    if (check === undefined || !check((raw as Record<string, unknown>)[name])) return false;
  }
  return true;
};

/**
 * True only if the schema accepts this object unchanged. False means that the schema must decide.
 */
export const isPlainFrame = (raw: Record<string, unknown>): raw is FeatureFrame =>
  raw['seq'] !== undefined && raw['timestamp'] !== undefined && arePlain(raw);

/** The same for the readings of a frame with their time, without its number. */
export const arePlainReadings = (raw: unknown): raw is Features & { timestamp: number } =>
  typeof raw === 'object' && raw !== null && !('seq' in raw) && 'timestamp' in raw && arePlain(raw);
