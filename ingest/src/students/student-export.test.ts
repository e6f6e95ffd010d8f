import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { dumpFileName } from '../dump/frames-dump.ts';
import type { FrameText } from '../frames/frame-text.ts';
import type { Session } from '../model/session.ts';
import { studentExport } from './student-export.ts';
import type { StudentExportOptions } from './student-export.ts';

const startMs = Date.UTC(2026, 0, 5, 9);
const sent = [0, 1, 2, 3];
const frames = sent.map((seq) => ({
  frame_id: String(seq),
  seq,
  timestamp: startMs + seq,
  received_at: startMs + seq,
}));
const textOf = (seq: number): FrameText => ({ ...frames[seq]!, text: JSON.stringify(frames[seq]) });

let dumpDir: string;
let session: Session;
let isCleared: boolean;
beforeEach(async () => {
  dumpDir = await makeFolder();
  isCleared = false;
  session = {
    sessionId: 's1',
    examId: null,
    memberId: 'ada',
    status: 'running',
    startedAt: new Date(startMs).toISOString(),
    endedAt: null,
  };
});
afterAll(removeFolders);

const end = async (): Promise<void> => {
  const lines = frames.map((frame) => JSON.stringify(frame)).join(',\n');
  await writeFile(
    join(dumpDir, dumpFileName('s1')),
    `{"format":"invigil-frames/2",\n"frames":[\n${lines}\n],\n"links":[]}\n`,
  );
  session = { ...session, status: 'ended', endedAt: session.startedAt };
  isCleared = true;
};

/** The exported frames: each piece's text is passed on before the next one is made. */
const exported = async (onPiece: (text: string) => Promise<void>): Promise<unknown[]> => {
  const options = {
    records: {
      sessions: async (_member: string, after: string) => (after === '' ? [session] : []),
      async *rowsOfStudent() {},
      rowsOfSessions: async () => [],
      auditOfActor: async () => [],
    },
    frames: {
      async *readTexts() {
        if (!isCleared) yield [textOf(0), textOf(1)];
        if (!isCleared) yield [textOf(2), textOf(3)];
      },
    },
    dumpDir,
    isReportVisible: async () => true,
    now: () => startMs,
  } as unknown as StudentExportOptions;
  let text = '';
  for await (const piece of studentExport(options, 'ada', 'admin')) {
    text += String(piece);
    await onPiece(String(piece));
  }
  const { dumps, running } = JSON.parse(text) as {
    dumps: { frames: { seq: number }[] }[];
    running: Record<string, { seq: number }[]>;
  };
  return [...dumps.flatMap((dump) => dump.frames), ...Object.values(running).flat()].map(({ seq }) => seq);
};

test.each([
  ['before its dump is looked for', '{"format"'],
  ['after that', '],"running":{'],
  ['before its frames are read', '"s1":['],
  ['while its frames are read', '{"frame_id":"0"'],
  ['at the end of the export', '}}\n'],
])('an export has each frame of a session once that ends %s', async (_when, piece) => {
  expect(await exported(async (text) => (text.startsWith(piece) ? end() : undefined))).toEqual(sent);
});

test('an export has the frames of a session whose dump exists, but whose end is not recorded yet, once', async () => {
  await end();
  session = { ...session, status: 'ending', endedAt: null };
  isCleared = false;
  expect(await exported(async () => undefined)).toEqual(sent);
});
