import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where tests save the answers and messages that they receive; set by `npm run record:examples`. */
const folder = process.env['RECORD_EXAMPLES'];

/** One JSON value of each kind, by name. */
const seen = new Map<string, unknown>();

const sampleTime = '2026-01-18T10:30:00.000Z';
const sampleToken = 'eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiYWRhIn0.c2lnbmF0dXJl';

/** Replaces what differs between two runs: times, tokens, generated ids and this machine's addresses. */
const steadyText = (text: string): string =>
  text
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, sampleTime)
    .replaceAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g, sampleToken)
    .replaceAll(/whsec_[A-Za-z0-9+/=]+/g, 'whsec_c2VjcmV0IG9mIHRoZSBleGFtcGxlIHNlcnZlcg==')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '550e8400-e29b-41d4-a716-446655440000')
    .replaceAll(/[0-9a-f]{64}/g, 'a3'.repeat(32))
    .replaceAll(/(\w+):\/\/127\.0\.0\.1:\d+/g, '$1://proctor.example.edu');

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** One object of each list is enough. Other lists may be pairs. */
const sampleOf = (value: unknown): unknown => {
  if (typeof value === 'string') return steadyText(value);
  if (Array.isArray(value)) return value.slice(0, value.some(isObject) ? 1 : value.length).map(sampleOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [steadyText(key), sampleOf(item)]));
};

const hasEmptyList = (value: unknown): boolean => JSON.stringify(value).includes('[]');

/** Keeps the value as an example, if examples are recorded and it is the first of this name, or the first without an empty list. */
export const recordExample = (name: string, value: unknown): void => {
  if (folder === undefined || value === undefined) return;
  if (seen.has(name) && !(hasEmptyList(seen.get(name)) && !hasEmptyList(value))) return;
  seen.set(name, sampleOf(value));
  writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(Object.fromEntries(seen)));
};
