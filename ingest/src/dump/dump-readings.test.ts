import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readingsIn } from './dump-readings.ts';

const dump = [
  '{"format":"invigil-frames/2",',
  '"session":{"session_id":"s1"},',
  '"context":{"answers":["\\n\\"folded\\":"]},',
  '"frames":[',
  '{"frame_id":"0","text":"\\n\\"context\\":1"},',
  '{"frame_id":"1","context":2,"folded":3}',
  '],',
  '"links":[',
  '],',
  '"folded":{"state":1},',
  '"amendments":[]}',
  '',
].join('\n');
const expected = dump.replace(/^"context":.*$/m, '"context":null,').replace(/^"folded":[^]*$/m, '"folded":null}\n');

const readingsOf = async (text: string, sizes: readonly number[]): Promise<string> => {
  const bytes = Buffer.from(text);
  const chunks = async function* (): AsyncGenerator<Buffer> {
    for (let from = 0, at = 0; from < bytes.length; at += 1) {
      const size = sizes[at % sizes.length]!;
      yield bytes.subarray(from, from + size);
      from += size;
    }
  };
  const pieces: Buffer[] = [];
  for await (const piece of readingsIn(chunks())) pieces.push(piece);
  return Buffer.concat(pieces).toString();
};

test('leaves out the server’s analysis, however the dump is cut into chunks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 8 }), async (sizes) => {
      expect(await readingsOf(dump, sizes)).toBe(expected);
    }),
  );
  expect(() => JSON.parse(expected) as unknown).not.toThrow();
});

test('a dump of an earlier server, without a context, keeps its frames', async () => {
  const earlier = dump.replace(/^"context":.*\n/m, '');
  expect(await readingsOf(earlier, [7])).toBe(expected.replace('"context":null,\n', ''));
});
