import { IngestError } from '../model/ingest-error.ts';
import type { Session } from '../model/session.ts';
import { dumpFacts } from './dump-facts.ts';
import { dumpOf } from './frames-dump.ts';

export interface FullerDump {
  file: string;
  endedAt: string | null;
}

/**
 * The session's dump, if it has more frames than are stored; otherwise null. This happens after a restore: the session ended while the backup
 * was made, so the backup has its whole dump, but only some of its frames.
 */
export const fullerDump = async (
  dumpDir: string,
  { sessionId, startedAt }: Session,
  stored: AsyncIterable<readonly unknown[]>,
): Promise<FullerDump | null> => {
  const file = await dumpOf(dumpDir, sessionId);
  const facts = file === null ? null : await dumpFacts(file).catch(nullIfNotADump);
  // An earlier session may have had the same id.
  if (file === null || facts === null || facts.startedAt !== startedAt) return null;
  let frames = 0;
  for await (const chunk of stored) frames += chunk.length;
  return facts.frames > frames ? { file, endedAt: facts.endedAt } : null;
};

const nullIfNotADump = (error: unknown): null => {
  if (error instanceof IngestError && error.reason === 'not_a_dump') return null;
  throw error;
};
