import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { GeneratorAnswers } from './questions.ts';
import { originOf, startSession } from './start-session.ts';
import { Student } from './students.ts';

/** Number of their first student: beyond those of every class. */
const firstStudent = 1_000_000;

interface Filling {
  framesEach: number;
  limitS: number;
}

const fillOne = async (origin: string, number: number, { framesEach, limitS }: Filling): Promise<string> => {
  const { session_id: id } = await startSession(origin, number, undefined);
  const student = new Student(id, `${origin.replace(/^http/, 'ws')}/api/v1/session/ws/${id}`, false);
  await student.connect();
  let late: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve, reject) => {
    const tooLate = (): void => reject(new Error(`${student.ackedFrames} of ${framesEach} frames within ${limitS} s`));
    late = setTimeout(tooLate, limitS * 1000);
    student.onClosed(reject);
    student.onAck(() => (student.ackedFrames < framesEach ? student.send() : resolve()));
    student.send();
  }).finally(() => clearTimeout(late));
  await student.leave();
  return id;
};

/** In a separate exam that no proctor watches. */
export const fill: GeneratorAnswers['fill'] = async ({ origins, sessions, ...filling }) => {
  const numbers = Array.from({ length: sessions }, (_, at) => firstStudent + at);
  return { ids: await Promise.all(numbers.map((number) => fillOne(originOf(origins, number), number, filling))) };
};

const endOne = async (origin: string, id: string, limitS: number): Promise<number> => {
  const fromMs = performance.now();
  const signal = AbortSignal.timeout(limitS * 1000);
  const ended = await fetch(`${origin}/api/v1/session/${id}/end`, { method: 'POST', signal });
  if (!ended.ok) throw new Error(`end answered ${ended.status}`);
  while (!signal.aborted) {
    const session = await fetch(`${origin}/api/v1/session/${id}`, { signal });
    if (!session.ok) throw new Error(`the session’s state answered ${session.status}`);
    const { status } = (await session.json()) as { status?: string };
    // Until its report is written, it is `ending`.
    if (status === 'ended') return (performance.now() - fromMs) / 1000;
    await delay(100);
  }
  throw new Error(`a report was not ready within ${limitS} s`);
};

export const end: GeneratorAnswers['end'] = async ({ origins, ids, limitS }) => ({
  reportsAfterS: await Promise.all(ids.map((id) => endOne(originOf(origins, 0), id, limitS))),
});
