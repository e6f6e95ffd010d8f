import { currentRuleSet } from '@invigil/protocol/rules';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import { turnsDuring } from '../../test/turns-during.ts';
import { defaultRules } from '../analysis/analysis-rules.ts';
import { startAnalysis } from '../analysis/analysis-state.ts';
import type { AnalysisBasis } from '../analysis/session-analysis.ts';
import { parseDump } from './analyze-dump.ts';
import { dumpFrames } from './dump-frames.ts';
import { writeDump } from './frames-dump.ts';
import type { FramesDump } from './frames-dump.ts';
import { readDump } from './read-dump.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'invigil-dump-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const basis: AnalysisBasis = {
  session: {
    session_id: 's-1',
    exam_id: 'physics',
    member_id: 'ada',
    status: 'ended',
    started_at: '2026-01-05T09:00:00.000Z',
    ended_at: '2026-01-05T10:00:00.000Z',
  },
  rules: defaultRules,
  losses: {},
  chain: null,
  endMs: 1000,
};
const framesOf = (count: number): StoredFrame[] =>
  Array.from({ length: count }, (_, seq) => ({
    frame_id: String(seq),
    seq,
    timestamp: seq * 200,
    received_at: seq * 200,
    no_of_face: seq % 3,
  }));
const one = async function* <Item>(items: Item[]): AsyncIterable<Item[]> {
  if (items.length > 0) yield items;
};
/** The dump in the file, which has to exist. */
const existing = async (file: string): Promise<FramesDump> => {
  const dump = await readDump(file);
  if (dump === null) throw new Error(`${file} does not exist`);
  return dump;
};
const write = (count: number): Promise<string> =>
  writeDump(folder, basis, startAnalysis(currentRuleSet, 0), {
    frames: one(framesOf(count).map((frame) => ({ ...frame, text: JSON.stringify(frame) }))),
    links: one<ChainLink>([]),
  });

test.each([0, 1, 700])('a dump of %i frames is read as parsing all of it at once does', async (count) => {
  const file = await write(count);
  const read = await existing(file);
  expect(read).toEqual(parseDump(await readFile(file, 'utf8')));
});

test('reading the frames of a dump lets other work run', async () => {
  const file = await write(700);
  let frames = 0;
  const readAll = async (): Promise<void> => {
    for await (const chunk of dumpFrames(file)) frames += chunk.length;
  };
  expect(await turnsDuring(readAll)).toBeGreaterThanOrEqual(700 / 9);
  expect(frames).toBe(700);
});

test('a file that is not a dump is refused', async () => {
  const file = join(folder, 'x_frames.json');
  for (const text of ['', '{}', 'no', '{"format":"invigil-frames/2",\n"frames":[\n{"seq":']) {
    await writeFile(file, text);
    await expect(readDump(file)).rejects.toMatchObject({ reason: 'not_a_dump' });
  }
});

test('a dump that was erased in the meantime is null, and has no frames', async () => {
  const file = await write(700);
  await rm(file);
  expect(await readDump(file)).toBeNull();
  const chunks: unknown[] = [];
  for await (const chunk of dumpFrames(file)) chunks.push(chunk);
  expect(chunks).toEqual([]);
});
