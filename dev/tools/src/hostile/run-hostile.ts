import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { budgetTable } from '@invigil/ingest/testing';
import { tokenOf } from '../fuzz/tokens.ts';
import { attacks } from './attacks.ts';
import { startExamServer } from './exam-server.ts';
import type { ExamServer, StartedSession } from './exam-server.ts';
import { beginPhase, percentile, round } from './phase-figures.ts';
import type { Phase, PhaseFigures } from './phase-figures.ts';
import { refusals, rowsAndBytes } from './spending.ts';
import { HonestStudents } from './honest-students.ts';
import { runAttacks } from './hostile-order.ts';

export interface HostileOptions {
  /** Length of each attack, and of the quiet time before and after it. */
  seconds: number;
  /** How often all of it is repeated. */
  rounds: number;
  honest: number;
  /** Names of attacks; all of them if empty. */
  only: readonly string[];
  /** Folder for a CPU profile of the server in each phase; null: none. */
  profileFolder: string | null;
  onPhase: (name: string, figures: PhaseFigures) => void;
}

/** An attack beside honest students. */
export interface AttackResult {
  /**
   * Acknowledgements' p99 during the attack, divided by their p99 in the quiet time right before and after it; the median of the rounds.
   * A quiet p99 below 10 ms counts as 10 ms.
   */
  ratio: number;
  ratios: number[];
  /** Median of the rounds. */
  loop_delay_p99_ms: number;
  rounds: PhaseFigures[];
}

export interface HostileResult {
  /** One before each attack, one at the end. If they differ, other programs of this machine disturbed the run. */
  quiet: PhaseFigures[];
  phases: Record<string, AttackResult>;
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

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1 + (sorted.length % 2)], sorted[middle]];
  return (low + high) / 2;
};

const ratioOf = (before: Phase, attack: Phase, after: Phase): number => {
  const quietP99 = percentile([...before.acknowledgedMs, ...after.acknowledgedMs], 0.99);
  return round(percentile(attack.acknowledgedMs, 0.99) / Math.max(quietP99, leastMs));
};

const summed = (ratios: number[], rounds: PhaseFigures[]): AttackResult => ({
  ratio: round(median(ratios)),
  ratios,
  loop_delay_p99_ms: round(median(rounds.map(({ loop_delay_p99_ms: delayMs }) => delayMs))),
  rounds,
});

/** Measures everything that happens while `work` runs. */
type Measure = (name: string, work: () => Promise<unknown>) => Promise<Phase>;

const measureIn =
  (exam: ExamServer, honest: HonestStudents, { profileFolder, onPhase }: HostileOptions): Measure =>
  async (name, work) => {
    const stopProfile = profileFolder === null ? null : await exam.server.startProfile();
    const end = await beginPhase(exam.server, honest.acknowledgedMs);
    await work();
    const phase = await end();
    if (profileFolder !== null && stopProfile !== null)
      await writeFile(join(profileFolder, `${name}.cpuprofile`), await stopProfile());
    onPhase(name, phase.figures);
    await delay(settleMs);
    return phase;
  };

const runPhases = async (
  exam: ExamServer,
  honest: HonestStudents,
  options: HostileOptions,
): Promise<Pick<HostileResult, 'quiet' | 'phases'>> => {
  const { seconds, only, rounds } = options;
  const token = await tokenOf(hostileId, 'STUDENT');
  const measure = measureIn(exam, honest, options);
  const quietPhase = (): Promise<Phase> => measure('quiet', () => delay(seconds * 1000));
  const session: StartedSession = await exam.start(hostileId);
  const names = only.length > 0 ? only : Object.keys(attacks);
  const order = { origin: exam.origin, memberId: hostileId, token, session, seconds };
  const lists: [string, readonly string[]][] = names.map((name) => [name, [name]]);
  if (names.length > 1) lists.push(['all_at_once', names]);
  const measured = new Map<string, { ratios: number[]; figures: PhaseFigures[] }>();
  await delay(settleMs);
  let before = await quietPhase();
  const quiet = [before.figures];
  for (let at = 0; at < rounds; at += 1) {
    for (const [name, together] of lists) {
      const attack = await measure(name, () => runAttacks({ ...order, names: together }));
      const after = await quietPhase();
      quiet.push(after.figures);
      const { ratios, figures } = measured.get(name) ?? { ratios: [], figures: [] };
      measured.set(name, {
        ratios: [...ratios, ratioOf(before, attack, after)],
        figures: [...figures, attack.figures],
      });
      before = after;
    }
  }
  const phases = [...measured].map(([name, { ratios, figures }]) => [name, summed(ratios, figures)] as const);
  return { quiet, phases: Object.fromEntries(phases) };
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
    const all = Object.values(measured.phases);
    return {
      ...measured,
      worst_ratio: Math.max(...all.map(({ ratio }) => ratio)),
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
