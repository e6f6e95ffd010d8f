import { randomUUID } from 'node:crypto';
import { mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import type { SessionContext } from '@invigil/protocol/report';
import pLimit from 'p-limit';
import type { AnalysisState } from '../analysis/analysis-state.ts';
import type { AnalysisBasis } from '../analysis/session-analysis.ts';
import type { FrameText } from '../frames/frame-text.ts';
import { SlicePace } from '../time/time-slice.ts';
import { LineWriter } from './line-writer.ts';
import { nullIfAbsent } from './null-if-absent.ts';

/** Written into every dump to identify its format. */
export const dumpFormat = 'invigil-frames/2';
/** The first format, without links. */
export const firstDumpFormat = 'invigil-frames/1';

/** The content of a dump file. */
export interface FramesDump {
  format: typeof dumpFormat | typeof firstDumpFormat;
  session: AnalysisBasis['session'];
  rules: AnalysisBasis['rules'];
  losses: AnalysisBasis['losses'];
  chain: AnalysisBasis['chain'];
  end_ms: number | null;
  /** Absent in dumps of earlier servers. */
  context?: AnalysisBasis['context'];
  frames: StoredFrame[];
  links?: ChainLink[];
  /** The analysis of all frames; set only if some had expired before the end and are missing here. */
  folded: AnalysisState | null;
  /** Answers, alerts and sessions recorded after the end, by the report version that they led to. Absent if there are none. */
  amendments?: DumpAmendment[];
}

export interface DumpAmendment {
  version: number;
  context: SessionContext;
}

const dumpSuffix = '_frames.json';
export const dumpFileName = (sessionId: string): string => sessionId + dumpSuffix;
export const isDumpFile = (name: string): boolean => name.endsWith(dumpSuffix);

const header = (basis: AnalysisBasis): string =>
  `{"format":${JSON.stringify(dumpFormat)},\n"session":${JSON.stringify(basis.session)},\n` +
  `"rules":${JSON.stringify(basis.rules)},\n` +
  `"losses":${JSON.stringify(basis.losses)},\n"chain":${JSON.stringify(basis.chain)},\n` +
  `"end_ms":${JSON.stringify(basis.endMs)},\n"context":${JSON.stringify(basis.context ?? null)},\n"frames":[`;

/** @returns the number of lines written */
const writeLines = async <Item>(
  writer: LineWriter,
  chunks: AsyncIterable<readonly Item[]>,
  lineOf: (item: Item) => string,
  rest: () => Promise<unknown>,
): Promise<number> => {
  let written = 0;
  for await (const items of chunks) {
    if (written > 0) await rest();
    await writer.write(items.map(lineOf), written === 0);
    written += items.length;
  }
  return written;
};

/** An open dump holds a buffer and a chunk of frames. When a whole exam ends at once, the others wait. */
const mostAtOnce = 8;
const withLimit = pLimit(mostAtOnce);
/** Shared by all dumps: however many sessions end, their chunks begin at least 3 ms apart. Other background work does not wait for them. */
const dumpPace = new SlicePace();
/** How long a chunk takes, roughly. */
const chunkMs = 3;
const dumpTurn = (): Promise<unknown> => dumpPace.turn({ restMs: 0, lengthMs: chunkMs });

/** What a dump is made of besides its header. */
export interface DumpContent {
  frames: AsyncIterable<readonly FrameText[]>;
  links: AsyncIterable<readonly ChainLink[]>;
}

export interface DumpSteps {
  /** Called before the file replaces an existing one; rejects to prevent that. */
  beforeReplace?: () => Promise<void>;
  /** Called between two chunks. By default, the next one waits for its turn among all dumps of the process. */
  rest?: () => Promise<unknown>;
}

/**
 * Writes `{session_id}_frames.json`: one JSON object with a frame per line, in the order of analysis, then the links of the chain. The file
 * is written atomically and is on disk when this resolves. At most eight are written at once. Returns its path.
 */
export const writeDump = async (
  dumpDir: string,
  basis: AnalysisBasis,
  folded: AnalysisState,
  { frames, links }: DumpContent,
  { beforeReplace = async () => undefined, rest = dumpTurn }: DumpSteps = {},
): Promise<string> => {
  await mkdir(dumpDir, { recursive: true });
  const file = join(dumpDir, dumpFileName(basis.session.session_id));
  const write = async (handle: FileHandle): Promise<void> => {
    const writer = new LineWriter(handle);
    await handle.writeFile(header(basis));
    const isWhole = (await writeLines(writer, frames, ({ text }) => text, rest)) >= folded.state.frames;
    await handle.writeFile('\n],\n"links":[');
    await writeLines(writer, links, (link) => JSON.stringify(link), rest);
    await handle.writeFile(`\n],\n"folded":${isWhole ? 'null' : JSON.stringify(folded)}}\n`);
  };
  await withLimit(() => replaceFile(file, write, beforeReplace));
  return file;
};

/** Replaces a file atomically with the output of `write`, and waits until it is on disk. */
const replaceFile = async (
  file: string,
  write: (handle: FileHandle) => Promise<void>,
  beforeReplace: () => Promise<void>,
): Promise<void> => {
  const partial = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  const handle = await open(partial, 'wx', 0o600);
  try {
    await write(handle);
    await handle.sync();
    await handle.close();
    await beforeReplace();
    await rename(partial, file);
  } catch (error) {
    await handle.close();
    await rm(partial, { force: true });
    throw error;
  }
};

const beginOfEnd = '"folded":';
const beginOfAmendments = '"amendments":';
/** Lines copied in one write. */
const linesPerWrite = 500;

/** Replaces a dump's amendments; every other line stays as it is. */
export const writeAmendments = async (file: string, amendments: readonly DumpAmendment[]): Promise<void> => {
  const source = await open(file);
  const write = async (handle: FileHandle): Promise<void> => {
    let lines: string[] = [];
    for await (const line of source.readLines({ autoClose: false })) {
      if (line.startsWith(beginOfAmendments)) continue;
      // Its last character is the dump's closing brace, or the comma before earlier amendments.
      lines.push(
        line.startsWith(beginOfEnd)
          ? `${line.slice(0, -1)},\n${beginOfAmendments}${JSON.stringify(amendments)}}`
          : line,
      );
      if (lines.length < linesPerWrite) continue;
      await handle.write(`${lines.join('\n')}\n`);
      lines = [];
    }
    await handle.write(`${lines.join('\n')}\n`);
  };
  try {
    await replaceFile(file, write, async () => undefined);
  } finally {
    await source.close();
  }
};

/** The session's dump, or null if it does not exist. */
export const dumpOf = async (dumpDir: string, sessionId: string): Promise<string | null> => {
  const file = join(dumpDir, dumpFileName(sessionId));
  return (await stat(file).catch(nullIfAbsent)) === null ? null : file;
};

/** Opens the session's dump, or null if it does not exist. An open dump stays readable although it is erased in the meantime. */
export const openDump = (dumpDir: string, sessionId: string): Promise<FileHandle | null> =>
  open(join(dumpDir, dumpFileName(sessionId))).catch(nullIfAbsent);

/**
 * Removes the dumps of these sessions, and partial files left by a writer that was killed. Reads the folder once for
 * all sessions.
 * @returns why files could not be removed, by session.
 */
export const removeDumps = async (dumpDir: string, sessionIds: readonly string[]): Promise<Map<string, unknown>> => {
  const sessionOf = new Map(sessionIds.map((sessionId) => [dumpFileName(sessionId), sessionId]));
  const failed = new Map<string, unknown>();
  const folder = await opendir(dumpDir).catch(nullIfAbsent);
  if (folder === null) return failed;
  for await (const { name } of folder) {
    // A partial file is `.<name>.<uuid>`.
    const sessionId = sessionOf.get(name.startsWith('.') ? name.slice(1, name.lastIndexOf('.')) : name);
    if (sessionId === undefined) continue;
    await rm(join(dumpDir, name), { force: true }).catch((error: unknown) => failed.set(sessionId, error));
  }
  return failed;
};
