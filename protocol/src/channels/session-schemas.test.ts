import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { featureEntries } from '../frame/feature-entries.ts';
import { sessionClientMessages } from './session-schemas.ts';
import { readSessionMessage } from './read-session-message.ts';

/** Valid and invalid values for any field. */
const value = fc.oneof(
  fc.constantFrom(null, 0, 1, 0.5, -1, 88, 1e6, 'forward', 'center', 'wasm', true, 'obstructed', ''),
  fc.constant([]),
  fc.constant({ face: 'no_face' }),
);
const features = fc.dictionary(fc.constantFrom(...Object.keys(featureEntries)), value, { minKeys: 1, maxKeys: 4 });
const stamp = fc.constantFrom(undefined, 1_700_000_000_000, '2026-01-18T10:30:00.000Z', 'noon', -1);
const withStamp = fc.tuple(features, stamp).map(([fields, timestamp]) => ({
  ...fields,
  ...(timestamp === undefined ? {} : { timestamp }),
}));
const frame = fc.tuple(features, fc.constantFrom(0, 7, -1, 1.5, '3'), stamp).map(([fields, seq, timestamp]) => ({
  seq,
  timestamp,
  ...fields,
}));
const seqs = fc.constantFrom([0, 3], [3, 0], [0], [-1, 2], 'all');
const message = fc.oneof(
  withStamp.map((extracted_features) => ({ extracted_features })),
  withStamp.map((payload) => ({ type: 'frame', payload })),
  withStamp.map((fields) => ({ session_id: 's', ...fields })),
  withStamp.map((fields) => ({ frame_data: { session_id: 's', ...fields } })),
  fc
    .tuple(fc.array(frame, { maxLength: 3 }), fc.constantFrom(undefined, null, 'abc', 7))
    .map(([frames, chain]) => ({ type: 'batch', frames, ...(chain === undefined ? {} : { chain }) })),
  fc.tuple(fc.constantFrom('outbox_full', 'bored'), fc.constantFrom(0, 3, -1), seqs).map(([reason, count, range]) => ({
    type: 'losses',
    counts: { [reason]: count },
    ranges: [{ reason, seqs: range }],
  })),
  fc.constantFrom(1, 'now', undefined).map((client_time_ms) => ({ type: 'hello', client_time_ms })),
  fc.constantFrom({ type: 'ping' }, { type: 'dance' }, {}, { type: 'batch' }),
);

const isDescribed = (candidate: unknown): boolean =>
  Object.values(sessionClientMessages).some((schema) => v.is(schema, candidate));

const isTaken = (candidate: unknown): boolean => {
  const read = readSessionMessage(candidate);
  return read.kind === 'batch' ? read.rejected.length === 0 : read.kind !== 'invalid';
};

describe('the described messages of clients', () => {
  test('are exactly those that the server accepts', () => {
    const seen = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(message, (candidate) => {
        const taken = isTaken(candidate);
        seen[taken ? 'taken' : 'refused'] += 1;
        expect(isDescribed(candidate)).toBe(taken);
      }),
      { numRuns: 3000 },
    );
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(300);
  });
});
