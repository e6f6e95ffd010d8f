import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LineWriter } from './line-writer.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'invigil-lines-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const written = async (chunks: readonly (readonly string[])[]): Promise<{ text: string; writes: number }> => {
  const file = join(folder, 'lines');
  const handle = await open(file, 'wx');
  const write = vi.spyOn(handle, 'write');
  const writer = new LineWriter(handle);
  let count = 0;
  for (const lines of chunks) {
    await writer.write(lines, count === 0);
    count += lines.length;
  }
  await handle.close();
  return { text: await readFile(file, 'utf8'), writes: write.mock.calls.length };
};

test('separates lines of all chunks by commas, in UTF-8', async () => {
  const { text, writes } = await written([['{"a":1}', '"Ünïcödé 🙂"'], [], ['{}']]);
  expect(text).toBe('\n{"a":1},\n"Ünïcödé 🙂",\n{}');
  expect(writes).toBe(2);
});

test('a chunk of frames is one write, and lines longer than the buffer are whole', async () => {
  const frame = 'f'.repeat(1000);
  expect((await written([Array.from({ length: 250 }, () => frame)])).writes).toBe(1);
  await rm(join(folder, 'lines'));
  const [long, wide] = ['l'.repeat(700_000), 'ü'.repeat(150_000)];
  const lines = [frame, long, wide, ...Array.from({ length: 700 }, () => frame)];
  expect((await written([lines.slice(0, 2), lines.slice(2)])).text).toBe(`\n${lines.join(',\n')}`);
});
