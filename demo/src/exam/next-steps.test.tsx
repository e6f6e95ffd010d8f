// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest';
import { rendered } from '../testing/rendered.ts';
import { NextSteps } from './next-steps.tsx';
import type { ExamStage, StudentSession } from './student-session.ts';

beforeEach(() => sessionStorage.clear());

const session = (mayRead: boolean) =>
  ({
    exam: { examId: 'physics', studentId: 'ada' },
    element: { sessionId: 's-1' },
    notice: { value: { report_to_student: mayRead, organiser: null } },
    finish: vi.fn<() => void>(),
    endWithoutHandIn: vi.fn<() => void>(),
  }) as unknown as StudentSession;

/** Names of the buttons and links of a stage. */
const actionsOf = async (stage: ExamStage, mayRead = true): Promise<string[]> => {
  const place = await rendered(<NextSteps stage={stage} session={session(mayRead)} />);
  return [...place.querySelectorAll('button, a.button')].map(({ textContent }) => textContent);
};

const problem = { ok: false, problem: 'refused', detail: null } as const;

/** Every stage in which the student must do something for the page to continue. */
test.each<[string, ExamStage, number]>([
  ['undelivered', { stage: 'undelivered' }, 2],
  ['a hand-in that did not arrive', { stage: 'not_ended', problem, isRefused: false }, 1],
  ['a refused hand-in', { stage: 'not_ended', problem, isRefused: true }, 2],
  ['failed', { stage: 'failed' }, 1],
  ['handed in', { stage: 'handed_in', atMs: 0, lost: 0, refusedAnswers: 0 }, 3],
  ['over', { stage: 'over', lost: null }, 3],
])('%s leads on', async (_, stage, count) => {
  expect(await actionsOf(stage)).toHaveLength(count);
});

test('without a report for students, their data remain', async () => {
  expect(await actionsOf({ stage: 'over', lost: null }, false)).toEqual(['Download my data', 'Ask for deletion']);
});
