import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { StoredFrame } from '@invigil/protocol/frame';
import { testThreads } from '../../test/dump-threads.ts';
import { analyzeDump, parseDump } from './analyze-dump.ts';
import { dumpFormat } from './frames-dump.ts';
import type { FramesDump } from './frames-dump.ts';

const threads = testThreads();
let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'invigil-threads-'))));
afterAll(async () => {
  await threads.close();
  await rm(folder, { recursive: true });
});

const startMs = Date.UTC(2026, 0, 5, 9);
const frames = Array.from({ length: 300 }, (_, seq): StoredFrame => ({
  frame_id: String(seq),
  seq,
  timestamp: startMs + seq * 200,
  received_at: startMs + seq * 200,
  no_of_face: seq > 100 && seq < 200 ? 2 : 1,
}));
const dump: FramesDump = {
  format: dumpFormat,
  session: {
    session_id: 's1',
    exam_id: 'physics',
    member_id: 'ada',
    status: 'ended',
    started_at: new Date(startMs).toISOString(),
    ended_at: new Date(startMs + 60_000).toISOString(),
  },
  rules: { version: '3', accommodations: [] },
  losses: {},
  chain: null,
  end_ms: startMs + 60_000,
  frames,
  folded: null,
};
const fileOf = async (name: string, text: string): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
};
const serverRules = { rulesVersion: null, weightsVersion: null };

test('a dump is read and analysed off the main thread, byte for byte as on it', async () => {
  const file = await fileOf('whole', JSON.stringify(dump));
  const parsed = vi.spyOn(JSON, 'parse');
  const again = await threads.run('analyzeAgain', { file, requested: serverRules }, 'ada');
  const read = await threads.run('reportOfDump', { file, field: 'page_violations' }, null);
  expect(parsed).not.toHaveBeenCalled();
  parsed.mockRestore();
  const report = JSON.stringify(analyzeDump(parseDump(await readFile(file, 'utf8'))));
  expect(again).toEqual({ rulesVersion: '3', report });
  expect(read).toMatchObject({ report, frames: 300, reportFrames: 300, observed: [] });
});

test('refusals keep their reason, and a file that was deleted is null', async () => {
  const run = (file: string, rulesVersion: string | null): Promise<unknown> =>
    threads.run('analyzeAgain', { file, requested: { rulesVersion, weightsVersion: null } }, 'ada');
  await expect(run(await fileOf('other', '{}'), null)).rejects.toMatchObject({ reason: 'not_a_dump' });
  const whole = await fileOf('whole', JSON.stringify(dump));
  await expect(run(whole, '99')).rejects.toMatchObject({ reason: 'unknown_rules' });
  expect(await run(join(folder, 'absent'), null)).toBeNull();
});
