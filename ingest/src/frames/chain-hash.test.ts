import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sentText } from '@invigil/protocol/frame';
import type { FeatureFrame } from '@invigil/protocol/frame';
import { linkOf, linkOfTexts, makeNonce } from './chain-hash.ts';

const frames: FeatureFrame[] = [
  { seq: 3, timestamp: 5, face_present: 1 },
  { seq: 4, timestamp: 6 },
];

describe('a link', () => {
  test('is the SHA-256 of the head before it and the frames, a line each', () => {
    const text = 'head\n{"face_present":1,"seq":3,"timestamp":5}\n{"seq":4,"timestamp":6}';
    expect(linkOf('head', frames)).toBe(createHash('sha256').update(text).digest('hex'));
  });

  test('is the same from the frames’ texts', () => {
    expect(linkOfTexts('head', frames.map(sentText))).toBe(linkOf('head', frames));
  });

  test('leaves out the fields that the server adds to a frame', () => {
    const stored = frames.map((frame) => ({ ...frame, frame_id: String(frame.seq), received_at: 99 }));
    expect(linkOf('head', stored)).toBe(linkOf('head', frames));
  });

  test('changes with the head, with any reading, and with the order of the frames', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 100 }), (head, by) => {
        const link = linkOf(head, frames);
        expect(linkOf(`${head}x`, frames)).not.toBe(link);
        expect(linkOf(head, frames.toReversed())).not.toBe(link);
        expect(linkOf(head, [{ ...frames[0]!, timestamp: 5 + by }, frames[1]!])).not.toBe(link);
      }),
    );
  });
});

describe('a nonce', () => {
  test('has 256 bits, and no two are the same, also beyond one pool', () => {
    const nonces = Array.from({ length: 1000 }, makeNonce);
    expect(new Set(nonces).size).toBe(1000);
    expect(nonces.every((nonce) => /^[0-9a-f]{64}$/.test(nonce))).toBe(true);
  });
});
