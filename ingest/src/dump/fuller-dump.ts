import { IngestError } from '../model/ingest-error.ts';
import type { Session } from '../model/session.ts';
import type { DumpThreads } from './dump-threads.ts';
import { dumpOf } from './frames-dump.ts';

/**
 * The session's dump, if it has more frames than are stored; otherwise null. This happens after a restore: the session ended while the backup
 * was made, so the backup has its whole dump, but only some of its frames.
 */
export const fullerDump = async (
  dumpDir: string,
  { sessionId, startedAt }: Session,
  stored: AsyncIterable<readonly unknown[]>,
  threads: DumpThreads,
): Promise<string | null> => {
  const file = await dumpOf(dumpDir, sessionId);
  const facts = file === null ? null : await threads.run('dumpFacts', { file }, null).catch(nullIfNotADump);
  // An earlier session may have had the same id.
  if (facts === null || facts.startedAt !== startedAt) return null;
  let frames = 0;
  for await (const chunk of stored) frames += chunk.length;
  return facts.frames > frames ? file : null;
};

const nullIfNotADump = (error: unknown): null => {
  if (error instanceof IngestError && error.reason === 'not_a_dump') return null;
  throw error;
};
