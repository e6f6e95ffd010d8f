import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { linkText } from './chain.ts';
import type { StoredFrame } from './feature-frame.ts';

/** A direct implementation of RFC 8785, for comparison. */
const reference = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(reference).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${reference(member)}`).join(',')}}`;
};

describe('canonical JSON', () => {
  test('equals the reference implementation, regardless of earlier calls', () => {
    const wide = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 8, maxKeys: 14 });
    fc.assert(
      fc.property(fc.array(fc.oneof(wide, fc.jsonValue()), { maxLength: 4 }), (values) => {
        // Round-trip through JSON first, which removes -0 and undefined.
        const plain = JSON.parse(JSON.stringify(values)) as unknown[];
        for (const value of plain) {
          expect(canonicalJson(value)).toBe(reference(value));
          expect(canonicalJson(value)).toBe(reference(value));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is the same for the same fields in another order', () => {
    const names = Array.from({ length: 12 }, (_, at) => `field_${at}`);
    const forward = Object.fromEntries(names.map((name, at) => [name, at / 3]));
    const backward = Object.fromEntries(names.toReversed().map((name) => [name, forward[name]]));
    expect([canonicalJson(forward), canonicalJson(backward), canonicalJson(forward)]).toEqual(
      Array.from({ length: 3 }, () => reference(forward)),
    );
  });

  test('a link covers the fields that the client sent, not those that the server adds', () => {
    const frame: StoredFrame = { frame_id: '3', seq: 3, timestamp: 5, face_present: 1, received_at: 9 };
    expect(linkText('head', [frame])).toBe('head\n{"face_present":1,"seq":3,"timestamp":5}');
  });
});
