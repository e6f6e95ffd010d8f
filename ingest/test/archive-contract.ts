import { beforeEach, expect, test } from 'vitest';
import type { BlockInfo, FrameArchive } from '../src/archive/frame-archive.ts';

/** A block's description. */
export const block = (from: number, to: number, generation = 'one'): BlockInfo => ({
  generation,
  from: { links: from, unnumbered: 0 },
  to: { links: to, unnumbered: 0 },
  frames: to - from,
  seqs: [[from, to - 1]],
  minMs: from * 1000,
  maxMs: to * 1000,
});

/** The contract of every archive. */
export const archiveContract = (open: () => Promise<FrameArchive>): void => {
  let archive: FrameArchive;
  beforeEach(async () => {
    archive = await open();
    for (const sessionId of await archive.sessions('', 100)) await archive.clear(sessionId);
  });

  test('returns the blocks that were stored', async () => {
    const bodies = [Buffer.from([0, 10, 255, 13]), Buffer.from('\n\nsecond')];
    expect(await archive.put('ada', block(0, 5), bodies[0]!)).toEqual(block(0, 5));
    await archive.put('ada', block(5, 9), bodies[1]!);
    const blocks = (await archive.list('ada')).toSorted((a, b) => a.from.links - b.from.links);
    expect(blocks).toEqual([block(0, 5), block(5, 9)]);
    expect(await Promise.all(blocks.map((info) => archive.read('ada', info)))).toEqual(bodies);
    await archive.check();
  });

  test('keeps the first of several blocks with the same beginning, and says which it is', async () => {
    await archive.put('ada', block(0, 5), Buffer.from('first'));
    expect(await archive.put('ada', block(0, 8), Buffer.from('second'))).toEqual(block(0, 5));
    expect(await archive.put('ada', block(0, 5), Buffer.from('first'))).toEqual(block(0, 5));
    expect(await archive.list('ada')).toEqual([block(0, 5)]);
    expect(String(await archive.read('ada', block(0, 8)))).toBe('first');
  });

  test('agrees on one block when many write at once', async () => {
    const ends = Array.from({ length: 12 }, (_, at) => at + 1);
    const stored = await Promise.all(ends.map((end) => archive.put('ada', block(0, end), Buffer.from(String(end)))));
    const [kept, ...others] = await archive.list('ada');
    expect(others).toEqual([]);
    expect(stored).toEqual(ends.map(() => kept));
    expect(String(await archive.read('ada', kept!))).toBe(String(kept?.to.links));
  });

  test('removes one generation, or everything of a session', async () => {
    await archive.put('ada', block(0, 5), Buffer.from('a'));
    await archive.put('ada', block(0, 6, 'two'), Buffer.from('b'));
    await archive.put('bob', block(0, 7), Buffer.from('c'));
    await archive.clear('ada', 'one');
    expect(await archive.list('ada')).toEqual([block(0, 6, 'two')]);
    await archive.clear('ada');
    await archive.clear('ada');
    expect(await archive.list('ada')).toEqual([]);
    expect(await archive.list('bob')).toEqual([block(0, 7)]);
  });

  test('lists its sessions in pages', async () => {
    for (const sessionId of ['c', 'a', 'b', 'a']) await archive.put(sessionId, block(0, 1), Buffer.from('x'));
    expect(await archive.sessions('', 2)).toEqual(['a', 'b']);
    expect(await archive.sessions('b', 2)).toEqual(['c']);
    expect(await archive.sessions('c', 2)).toEqual([]);
  });
};
