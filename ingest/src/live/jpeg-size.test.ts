import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jpegOf } from '@invigil/testkit/jpeg';
import { imageProblem, jpegSize } from './jpeg-size.ts';

const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64');

test('reads the size that the frame header states', () => {
  expect(jpegSize(bytesOf(jpegOf(160, 120)))).toEqual({ widthPx: 160, heightPx: 120 });
  expect(jpegSize(bytesOf(jpegOf(65_500, 1)))).toEqual({ widthPx: 65_500, heightPx: 1 });
});

test('skips application segments, fill bytes and tables before the frame header', () => {
  const plain = bytesOf(jpegOf(160, 120));
  const extra = Buffer.from([0xff, 0xe0, 0, 4, 0xff, 0xc0, 0xff, 0xff, 0xc4, 0, 3, 0]);
  expect(jpegSize(Buffer.concat([plain.subarray(0, 2), extra, plain.subarray(2)]))).toEqual({
    widthPx: 160,
    heightPx: 120,
  });
});

test('nothing else passes for a JPEG', () => {
  const whole = bytesOf(jpegOf(160, 120, 50));
  const two = Buffer.concat([whole.subarray(0, 15), whole.subarray(2, 15), whole.subarray(15)]);
  for (const bytes of [Buffer.alloc(0), Buffer.from('no JPEG at all'), bytesOf(jpegOf(0, 10)), two]) {
    expect(jpegSize(bytes)).toBeNull();
  }
  for (let length = 0; length < whole.length; length += 1) expect(jpegSize(whole.subarray(0, length))).toBeNull();
});

test('reads any bytes without an error, and never beyond them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const framed = Uint8Array.from([0xff, 0xd8, ...bytes, 0xff, 0xd9]);
      const size = jpegSize(framed);
      expect(size === null || (size.widthPx > 0 && size.heightPx > 0)).toBe(true);
    }),
  );
});

test('says why an image is refused', () => {
  expect(imageProblem(jpegOf(160, 120), 160)).toBeNull();
  expect(imageProblem(jpegOf(161, 120), 160)).toBe('the image is 161×120 pixels; its longest side may be at most 160');
  expect(imageProblem('bm8gSlBFRw==', 160)).toBe('the image is not a whole JPEG');
});
