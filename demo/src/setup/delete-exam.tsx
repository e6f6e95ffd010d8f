import { useSignal } from '@preact/signals';
import type { Problem } from '../api/answer.ts';
import { deleteExam } from '../api/exam-api.ts';
import type { ExamState } from '../api/exam-api.ts';
import { ConfirmDialog } from '../page/confirm-dialog.tsx';
import { ProblemNotice } from '../proctor/exam/problem-notice.tsx';
import { setupTexts } from './setup-texts.ts';

const texts = setupTexts.remove;

/** Deletes an exam after a confirmation that states what goes with it. */
export const DeleteExam = ({ exam }: { exam: ExamState }) => {
  const isAsking = useSignal(false);
  const problem = useSignal<Problem | null>(null);
  const remove = async (): Promise<void> => {
    const answer = await deleteExam(exam.exam_id);
    if (answer.ok) location.assign('/proctor/');
    else problem.value = answer;
  };
  return (
    <>
      <button class="button quiet" type="button" data-testid="delete-exam" onClick={() => (isAsking.value = true)}>
        {texts.open}
      </button>
      <p class="soft small">{texts.why}</p>
      {problem.value === null ? null : <ProblemNotice answer={problem.value} />}
      {isAsking.value ? (
        <ConfirmDialog
          question={texts.sure(exam.title ?? setupTexts.untitled, exam.students.length)}
          yes={texts.yes}
          no={texts.no}
          answered={(isYes) => {
            isAsking.value = false;
            if (isYes) void remove();
          }}
        />
      ) : null}
    </>
  );
};
