import { mkdtemp, mkdir, open, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as wholeText } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emptyContext } from '@invigil/protocol/report';
import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import { waitUntil } from '@invigil/testkit/timers/waits';
import { defaultRules } from '../analysis/analysis-rules.ts';
import type { AnalysisBasis } from '../analysis/session-analysis.ts';
import type { FrameText } from '../frames/frame-text.ts';
import { foldAll } from './analyze-dump.ts';
import { dumpReadings } from './dump-readings.ts';
import { dumpFileName, dumpFormat, dumpOf, openDump, removeDumps, writeAmendments, writeDump } from './frames-dump.ts';
import type { DumpSteps, FramesDump } from './frames-dump.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'invigil-dumps-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const startMs = Date.UTC(2026, 0, 5, 9);
const basisOf = (sessionId: string): AnalysisBasis => ({
  session: {
    session_id: sessionId,
    exam_id: 'physics',
    member_id: 'ada',
    status: 'ended',
    started_at: new Date(startMs).toISOString(),
    ended_at: new Date(startMs + 60_000).toISOString(),
  },
  rules: defaultRules,
  losses: { outbox_full: 2 },
  chain: { nonce: 'n', head: 'h', links: 1, confirmed: 0, frames: 5 },
  endMs: startMs + 60_000,
  context: { ...emptyContext, handed_in_at: new Date(startMs + 50_000).toISOString() },
});
const frames = Array.from({ length: 5 }, (_, seq): StoredFrame => ({
  frame_id: String(seq),
  seq,
  timestamp: startMs + seq * 200,
  received_at: startMs + seq * 200 + 40,
  no_of_face: 1,
}));
const links: ChainLink[] = [{ link: 'h', seqs: [[0, 4]], confirmed: false }];
const inChunks = async function* <Item>(items: readonly Item[], size = 2): AsyncIterable<Item[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
};
const textOf = (frame: StoredFrame): FrameText => ({ ...frame, text: JSON.stringify(frame) });
const contentOf = (list: readonly StoredFrame[]) => ({ frames: inChunks(list.map(textOf)), links: inChunks(links) });
const folded = foldAll(frames, defaultRules, startMs);
const write = (sessionId: string, list: readonly StoredFrame[] = frames, steps?: DumpSteps) =>
  writeDump(folder, basisOf(sessionId), folded, contentOf(list), steps);
const read = async (file: string): Promise<FramesDump> => JSON.parse(await readFile(file, 'utf8')) as FramesDump;

describe('a dump', () => {
  test('has everything that its report needs, a frame on each line', async () => {
    const file = await write('s1');
    const { endMs, ...basis } = basisOf('s1');
    expect(await read(file)).toEqual({ format: dumpFormat, ...basis, end_ms: endMs, frames, links, folded: null });
    const lines = (await readFile(file, 'utf8')).split('\n');
    expect(lines.filter((line) => line.startsWith('{"frame_id"'))).toHaveLength(5);
  });

  test('has the analysis itself if some of the frames had expired', async () => {
    expect((await read(await write('s1', frames.slice(2)))).folded).toEqual(JSON.parse(JSON.stringify(folded)));
  });

  test('of a session without frames or context is complete too', async () => {
    const { context: _context, ...basis } = basisOf('s1');
    const none = foldAll([], defaultRules, startMs);
    const file = await writeDump(folder, basis, none, { frames: inChunks([]), links: inChunks([]) });
    expect(await read(file)).toMatchObject({ context: null, frames: [], links: [], folded: null });
  });

  test('can be passed on without what only its report shows, as a whole dump', async () => {
    const file = await write('s1', frames.slice(2));
    await writeAmendments(file, [{ version: 2, context: emptyContext }]);
    const whole = await read(file);
    let text = '';
    for await (const piece of dumpReadings(await open(file))) text += piece;
    const { amendments, ...rest } = whole;
    expect(amendments).toHaveLength(1);
    expect(JSON.parse(text)).toEqual({ ...rest, context: null, folded: null });
  });

  test('is written a chunk at a time, with a rest between two', async () => {
    let chunks = 0;
    const counted = async function* <Item>(items: AsyncIterable<Item[]>): AsyncIterable<Item[]> {
      for await (const chunk of items) {
        chunks += 1;
        yield chunk;
      }
    };
    const content = contentOf(frames);
    const chunksAtRest: number[] = [];
    const rest = async (): Promise<void> => void chunksAtRest.push(chunks);
    const counting = { frames: counted(content.frames), links: counted(content.links) };
    await writeDump(folder, basisOf('s1'), folded, counting, { rest });
    expect(chunksAtRest).toEqual([2, 3]);
  });

  test('waits while eight others are written, and the next begins when one is finished', async () => {
    let [begun, finished, most] = [0, 0, 0];
    const release: (() => void)[] = [];
    const held = async function* (): AsyncIterable<FrameText[]> {
      begun += 1;
      most = Math.max(most, begun - finished);
      await new Promise<void>((resolve) => release.push(resolve));
      yield frames.map(textOf);
    };
    const dumps = Array.from({ length: 20 }, async (_, at) => {
      const content = { frames: held(), links: inChunks(links) };
      const beforeReplace = async (): Promise<void> => void (finished += 1);
      return writeDump(folder, basisOf(`s${at}`), folded, content, { beforeReplace });
    });
    await waitUntil(() => begun === 8);
    for (let at = 0; at < dumps.length; at += 1) {
      await waitUntil(() => release.length > at);
      release[at]!();
    }
    await Promise.all(dumps);
    expect([begun, finished, most]).toEqual([20, 20, 8]);
  });

  test('can be read by the server’s user alone', async () => {
    expect((await stat(await write('s1'))).mode & 0o777).toBe(0o600);
  });

  test('makes its folder', async () => {
    const deep = join(folder, 'a', 'b');
    await writeDump(deep, basisOf('s1'), folded, contentOf(frames));
    expect(await readdir(deep)).toEqual(['s1_frames.json']);
  });
});

describe('a dump that cannot be finished', () => {
  const failing = async function* (): AsyncIterable<FrameText[]> {
    yield frames.slice(0, 2).map(textOf);
    throw new Error('the store went away');
  };

  test('leaves no file, and the one before it as it was', async () => {
    const file = await write('s1');
    const before = await readFile(file, 'utf8');
    const stored = { frames: failing(), links: inChunks(links) };
    await expect(writeDump(folder, basisOf('s1'), folded, stored)).rejects.toThrow('the store went away');
    expect(await readFile(file, 'utf8')).toBe(before);
    expect(await readdir(folder)).toEqual(['s1_frames.json']);
  });

  test('does not replace the dump if the caller has lost its claim in the meantime', async () => {
    const lost = async (): Promise<void> => {
      throw new Error('another replica ends it');
    };
    await expect(write('s1', frames, { beforeReplace: lost })).rejects.toThrow('another replica ends it');
    expect(await readdir(folder)).toEqual([]);
  });

  test('is visible under its own name only once it is complete', async () => {
    let seen: string[] = [];
    await write('s1', frames, { beforeReplace: async () => void (seen = await readdir(folder)) });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatch(/^\.s1_frames\.json\.[0-9a-f-]{36}$/);
  });

  test('writes beside another writer of the same session', async () => {
    await Promise.all([write('s1'), write('s1'), write('s1')]);
    expect(await readdir(folder)).toEqual(['s1_frames.json']);
    expect((await read(join(folder, 's1_frames.json'))).frames).toHaveLength(5);
  });
});

describe('finding and removing dumps', () => {
  test('an open dump can be read to its end although it is erased in the meantime', async () => {
    const file = await write('s1');
    const whole = await readFile(file, 'utf8');
    const opened = await openDump(folder, 's1');
    await rm(file);
    expect(await wholeText(opened!.createReadStream())).toBe(whole);
    expect(await openDump(folder, 's1')).toBeNull();
  });

  test('finds the dump of a session, or nothing', async () => {
    const file = await write('s1');
    expect(await dumpOf(folder, 's1')).toBe(file);
    expect(await dumpOf(folder, 's2')).toBeNull();
    expect(await dumpOf(join(folder, 'missing'), 's1')).toBeNull();
  });

  test('removes those of the sessions named, with what a killed writer left, and no others', async () => {
    for (const sessionId of ['s1', 's2', 's1_frames.json']) await write(sessionId);
    const uuid = 'b1946ac9-2492-4d23-8f1a-0c1f6f4c5a11';
    for (const name of [`.s1_frames.json.${uuid}`, `.s2_frames.json.${uuid}`, 'notes.txt', 'x.s1_frames.json']) {
      await writeFile(join(folder, name), '');
    }
    expect(await removeDumps(folder, ['s1', 'unknown'])).toEqual(new Map());
    expect((await readdir(folder)).toSorted()).toEqual([
      `.s2_frames.json.${uuid}`,
      'notes.txt',
      dumpFileName('s1_frames.json'),
      's2_frames.json',
      'x.s1_frames.json',
    ]);
  });

  test('returns the dumps that could not be removed, and removes the others', async () => {
    await write('s2');
    await mkdir(join(folder, 's1_frames.json', 'in-the-way'), { recursive: true });
    const failed = await removeDumps(folder, ['s1', 's2']);
    expect([...failed.keys()]).toEqual(['s1']);
    expect(await readdir(folder)).toEqual(['s1_frames.json']);
  });

  test('has nothing to remove without a folder', async () => {
    expect(await removeDumps(join(folder, 'missing'), ['s1'])).toEqual(new Map());
  });
});
