import { describe, expect, test } from 'vitest';
import { featureEntries } from './feature-entries.ts';
import { limits } from './limits.ts';

describe('limits', () => {
  test('leave room for every known field of a frame', () => {
    expect(limits.frameFields).toBeGreaterThan(Object.keys(featureEntries).length + 2);
  });

  test('give the size of a thumbnail in bytes and as base64', () => {
    expect(Buffer.alloc(limits.pictureBytes).toString('base64')).toHaveLength(limits.pictureChars);
    expect(limits.pictureChars).toBeLessThan(limits.leastMessageBytes);
  });

  test('let clients send batches that every server accepts', () => {
    expect(limits.leastMessageBytes).toBeLessThanOrEqual(limits.messageBytes);
  });
});
