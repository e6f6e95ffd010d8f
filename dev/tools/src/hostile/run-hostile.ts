import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { budgetTable } from '@invigil/ingest/testing';
import { tokenOf } from '../fuzz/tokens.ts';
import { attacks } from './attacks.ts';
import { startExamServer } from './exam-server.ts';
import type { ExamServer, StartedSession } from './exam-server.ts';
import { beginPhase } from './phase-figures.ts';
import type { PhaseFigures } from './phase-figures.ts';
import { refusals, rowsAndBytes } from './spending.ts';
import { HonestStudents } from './honest-students.ts';
import { runAttacks } from './hostile-order.ts';

export interface HostileOptions {
  seconds: number;
  honest: number;
  /** Names of attacks; all of them if empty. */
  only: readonly string[];
  /** Folder for a CPU profile of the server in each phase; null: none. */
  profileFolder: string | null;
  onPhase: (name: string, figures: PhaseFigures) => void;
}

export interface HostileResult {
  quiet: PhaseFigures;
  /** The same at the end: if it differs, other programs of this machine disturbed the run. */
  quiet_after: PhaseFigures;
  phases: Record<string, PhaseFigures>;
  /** Largest ratio of a phase's p99 of acknowledgements to that of the quiet phase. */
  worst_ratio: number;
  worst_loop_delay_p99_ms: number;
  honest_closed: number;
  rows: Record<string, number>;
  rows_beyond: string[];
  bytes: number;
  refused: Record<string, number>;
  failures: number;
}

/** Below this, an acknowledgement's time does not indicate load. */
const leastMs = 10;
const hostileId = 'mallory';
const settleMs = 1000;

const runPhases = async (
  exam: ExamServer,
  honest: HonestStudents,
  { seconds, only, profileFolder, onPhase }: HostileOptions,
): Promise<Pick<HostileResult, 'quiet' | 'quiet_after' | 'phases'>> => {
  const token = await tokenOf(hostileId, 'STUDENT');
  const measured = async (name: string, work: () => Promise<unknown>): Promise<PhaseFigures> => {
    const stopProfile = profileFolder === null ? null : await exam.server.startProfile();
    const end = await beginPhase(exam.server, honest.acknowledgedMs);
    await work();
    const figures = await end();
    if (profileFolder !== null && stopProfile !== null)
      await writeFile(join(profileFolder, `${name}.cpuprofile`), await stopProfile());
    onPhase(name, figures);
    await delay(settleMs);
    return figures;
  };
  await delay(settleMs);
  const quiet = await measured('quiet', () => delay(seconds * 1000));
  const session: StartedSession = await exam.start(hostileId);
  const names = only.length > 0 ? only : Object.keys(attacks);
  const order = { origin: exam.origin, memberId: hostileId, token, session, seconds };
  const phases: Record<string, PhaseFigures> = {};
  for (const name of names) phases[name] = await measured(name, () => runAttacks({ ...order, names: [name] }));
  if (names.length > 1) phases['all_at_once'] = await measured('all_at_once', () => runAttacks({ ...order, names }));
  const quietAfter = await measured('quiet_after', () => delay(seconds * 1000));
  return { quiet, quiet_after: quietAfter, phases };
};

const rowLimits: Readonly<Record<string, number>> = {
  sessions: budgetTable.sessions.limit,
  questions: budgetTable.questions.limit,
  highlights: budgetTable.highlights.limit,
  violations: budgetTable.violations.limit,
  alerts: budgetTable.alerts.limit * budgetTable.sessions.limit,
  // The run lasts less than an hour.
  presenceVisits: budgetTable.presenceVisits.burst + budgetTable.presenceVisits.limit,
};

export const runHostile = async (options: HostileOptions): Promise<HostileResult> => {
  const students = Array.from({ length: options.honest }, (_, index) => `student-${index}`);
  const exam = await startExamServer([...students, hostileId]);
  const honest = new HonestStudents();
  try {
    await honest.join(exam, students);
    const measured = await runPhases(exam, honest, options);
    const { rows, bytes } = await rowsAndBytes(exam.server, hostileId);
    const { quiet, phases } = measured;
    const all = Object.values(phases);
    return {
      ...measured,
      worst_ratio: Math.max(...all.map(({ ack_p99_ms: p99 }) => p99 / Math.max(quiet.ack_p99_ms, leastMs))),
      worst_loop_delay_p99_ms: Math.max(...all.map(({ loop_delay_p99_ms: delayMs }) => delayMs)),
      honest_closed: honest.closed,
      rows,
      rows_beyond: Object.keys(rows).filter((name) => (rows[name] ?? 0) > (rowLimits[name] ?? Infinity)),
      bytes,
      refused: await refusals(exam.server),
      failures: exam.server.failures.length,
    };
  } finally {
    honest.close();
    await exam.server.stop();
  }
};
