import { createHash, randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { removeDumps } from '../dump/frames-dump.ts';
import type { RunningAnalysis } from '../analysis/running-analysis.ts';
import type { FrameStore } from '../frames/frame-store.ts';
import type { StudentRecords } from '../records/student-records.ts';
import { isoTime } from '../time/iso-time.ts';

export interface StudentErasureOptions {
  records: StudentRecords;
  frames: FrameStore;
  analysis: RunningAnalysis;
  dumpDir: string;
  log: Logger;
  now: () => number;
}

export type ErasureResult =
  | { status: 'erased'; sessions: number; rows: Record<string, number> }
  | { status: 'nothing' }
  /** A session is running: its student would send again what was just erased. */
  | { status: 'running'; sessionIds: string[] };

/** Erases all data of a student: frames, dumps, records. */
export class StudentErasure {
  readonly #options: StudentErasureOptions;

  constructor(options: StudentErasureOptions) {
    this.#options = options;
  }

  /** Records are erased last: they locate the rest, so an interrupted erasure can be repeated. */
  async erase(memberId: string, actor: string): Promise<ErasureResult> {
    const { records, frames, analysis, dumpDir, log, now } = this.#options;
    const sessions = await records.sessions(memberId);
    const running = sessions.filter(({ status }) => status !== 'ended').map(({ sessionId }) => sessionId);
    if (running.length > 0) return { status: 'running', sessionIds: running };
    if (Object.keys(await records.all(memberId)).length === 0) return { status: 'nothing' };
    for (const { sessionId } of sessions) {
      await frames.clear(sessionId);
      await analysis.clear(sessionId);
      await removeDumps(dumpDir, sessionId);
    }
    // With the salt, a person who knows the id can find the entry; without it the entry reveals nothing.
    const salt = randomBytes(16).toString('hex');
    const pseudonym = (id: string): string =>
      `erased:${createHash('sha256').update(`${salt}${id}`).digest('hex').slice(0, 32)}`;
    const rows = await records.erase({
      memberId,
      sessionIds: sessions.map(({ sessionId }) => sessionId),
      pseudonyms: { student: pseudonym(memberId), session: pseudonym },
      at: isoTime(now()),
      actor,
      detail: { student: pseudonym(memberId), salt, sessions: sessions.length },
    });
    // The student began another session meanwhile; check it as the others.
    if (rows === null) return this.erase(memberId, actor);
    await records.overwriteDeleted().catch((error: unknown) => {
      // The rows are gone; the database overwrites them with its next own clean-up.
      log.warn({ event: 'student.overwrite_failed', error });
    });
    log.info({ event: 'student.erased', sessions: sessions.length });
    return { status: 'erased', sessions: sessions.length, rows };
  }
}
