import { createHash, randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { removeDumps } from '../dump/frames-dump.ts';
import type { RunningAnalysis } from '../analysis/running-analysis.ts';
import type { FrameStore } from '../frames/frame-store.ts';
import type { Session } from '../model/session.ts';
import type { RowCounts, StudentRecords } from '../records/student-records.ts';
import { isoTime } from '../time/iso-time.ts';
import { pageSessions } from './session-pages.ts';

export interface StudentErasureOptions {
  records: StudentRecords;
  frames: FrameStore;
  analysis: RunningAnalysis;
  dumpDir: string;
  log: Logger;
  now: () => number;
}

export type ErasureResult =
  | { status: 'erased'; sessions: number; rows: RowCounts }
  | { status: 'nothing' }
  /** A session is still running: its student's page would send the erased data again. */
  | { status: 'running'; sessionIds: string[] };

/** Maximum number of running sessions listed in an error. */
const shownSessions = 20;

/** Erases all data about a student, or one session: frames, dumps, records. */
export class StudentErasure {
  readonly #options: StudentErasureOptions;

  constructor(options: StudentErasureOptions) {
    this.#options = options;
  }

  /**
   * Erases sessions a page at a time, frames and dump before the records that point to them, so that an interrupted erasure can be
   * requested again.
   */
  async erase(memberId: string, actor: string): Promise<ErasureResult> {
    const { records, log } = this.#options;
    const running = await records.runningSessions(memberId, shownSessions);
    if (running.length > 0) return { status: 'running', sessionIds: running };
    if (!(await records.isKnown(memberId))) return { status: 'nothing' };
    const { salt, pseudonym } = saltedPseudonyms();
    const student = pseudonym(memberId);
    let rows: RowCounts = {};
    for (let sessions = 0; ;) {
      const page = await records.sessions(memberId, '', pageSessions);
      if (page.length > 0) {
        rows = added(rows, await this.#eraseSessions(page, pseudonym));
        sessions += page.length;
        continue;
      }
      const entry = {
        at: this.#nowIso(),
        actor,
        action: 'student.erased' as const,
        detail: { student, salt, sessions },
      };
      const all = await records.eraseStudent(memberId, { student }, entry, rows);
      // A session has begun in the meantime. It may still be running.
      if (all === null) return this.erase(memberId, actor);
      await this.#overwriteDeleted();
      log.info({ event: 'student.erased', sessions });
      return { status: 'erased', sessions, rows: all };
    }
  }

  /** Erases one ended session; the student's other data stays. */
  async eraseSession({ sessionId, status }: Session, actor: string): Promise<ErasureResult> {
    const { records, log } = this.#options;
    if (status !== 'ended') return { status: 'running', sessionIds: [sessionId] };
    const { salt, pseudonym } = saltedPseudonyms();
    await this.#clear([sessionId]);
    const detail = { session: pseudonym(sessionId), salt };
    const entry = { at: this.#nowIso(), actor, action: 'session.erased' as const, detail };
    const rows = await records.eraseSessions([sessionId], { session: pseudonym }, entry);
    await this.#overwriteDeleted();
    log.info({ event: 'session.erased' });
    return { status: 'erased', sessions: 1, rows };
  }

  async #eraseSessions(sessions: readonly Session[], session: (id: string) => string): Promise<RowCounts> {
    const sessionIds = sessions.map(({ sessionId }) => sessionId);
    await this.#clear(sessionIds);
    return this.#options.records.eraseSessions(sessionIds, { session });
  }

  async #clear(sessionIds: readonly string[]): Promise<void> {
    const { frames, analysis, dumpDir } = this.#options;
    for (const sessionId of sessionIds) {
      await frames.clear(sessionId);
      await analysis.clear(sessionId);
      await nextTurn();
    }
    const [failure] = (await removeDumps(dumpDir, sessionIds)).values();
    if (failure !== undefined) throw failure;
  }

  async #overwriteDeleted(): Promise<void> {
    const { records, log } = this.#options;
    await records.overwriteDeleted().catch((error: unknown) => {
      // The rows are deleted; the database overwrites them in its next regular clean-up.
      log.warn({ event: 'student.overwrite_failed', error });
    });
  }

  #nowIso(): string {
    return isoTime(this.#options.now());
  }
}

/** With the salt, anyone who knows an id can find its entry; without the id, the entry reveals nothing. */
const saltedPseudonyms = (): { salt: string; pseudonym: (id: string) => string } => {
  const salt = randomBytes(16).toString('hex');
  const hash = (id: string): string => createHash('sha256').update(`${salt}${id}`).digest('hex');
  return { salt, pseudonym: (id) => `erased:${hash(id).slice(0, 32)}` };
};

const added = (a: RowCounts, b: RowCounts): RowCounts => {
  const sum = { ...a };
  for (const [table, count] of Object.entries(b)) sum[table] = (sum[table] ?? 0) + count;
  return sum;
};
