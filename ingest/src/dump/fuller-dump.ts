import { IngestError } from '../model/ingest-error.ts';
import type { Session } from '../model/session.ts';
import { dumpOf } from './frames-dump.ts';
import type { FramesDump } from './frames-dump.ts';
import { readDump } from './read-dump.ts';

/**
 * The session's dump, if it has more frames than are stored; otherwise null. This happens after a restore: the session ended while the backup
 * was made, so the backup has its whole dump, but only some of its frames.
 */
export const fullerDump = async (
  dumpDir: string,
  { sessionId, startedAt }: Session,
  stored: AsyncIterable<readonly unknown[]>,
): Promise<{ file: string; dump: FramesDump } | null> => {
  const file = await dumpOf(dumpDir, sessionId);
  const dump = file === null ? null : await readDump(file).catch(nullIfNotADump);
  // An earlier session may have had the same id.
  if (file === null || dump === null || dump.session.started_at !== startedAt) return null;
  let frames = 0;
  for await (const chunk of stored) frames += chunk.length;
  return dump.frames.length > frames ? { file, dump } : null;
};

const nullIfNotADump = (error: unknown): null => {
  if (error instanceof IngestError && error.reason === 'not_a_dump') return null;
  throw error;
};
