import type { ExamStatus } from '@invigil/protocol/channels';
import { useSignal } from '@preact/signals';
import type { Answer } from '../../api/answer.ts';
import { ConfirmDialog } from '../../page/confirm-dialog.tsx';
import { takeStep } from '../../api/exam-api.ts';
import type { Exam, ExamStep } from '../../api/exam-api.ts';
import { ProblemNotice } from './problem-notice.tsx';
import { proctorTexts } from '../texts/proctor-texts.ts';

const texts = proctorTexts.steps;

const stepsOf: Readonly<Record<ExamStatus, readonly ExamStep[]>> = {
  SCHEDULED: ['open', 'cancel'],
  WAITING: ['start', 'cancel'],
  IN_PROGRESS: ['complete', 'cancel'],
  COMPLETED: [],
  CANCELLED: [],
};

const isFinal = (step: ExamStep): step is 'complete' | 'cancel' => step === 'complete' || step === 'cancel';

/** The steps that the exam's status allows. Irreversible ones ask for confirmation. */
export const ExamSteps = ({ exam, taken }: { exam: Exam; taken: (exam: Exam) => void }) => {
  const asking = useSignal<'complete' | 'cancel' | null>(null);
  const isBusy = useSignal(false);
  const problem = useSignal<Extract<Answer<unknown>, { ok: false }> | null>(null);
  const take = async (step: ExamStep): Promise<void> => {
    isBusy.value = true;
    const answer = await takeStep(exam.exam_id, step);
    isBusy.value = false;
    problem.value = answer.ok ? null : answer;
    if (answer.ok) taken(answer.value);
  };
  return (
    <>
      <div class="buttons">
        {stepsOf[exam.status].map((step, index) => (
          <button
            key={step}
            type="button"
            class={index === 0 ? 'button' : 'button quiet'}
            data-testid={`step-${step}`}
            disabled={isBusy.value}
            onClick={() => {
              if (isFinal(step)) asking.value = step;
              else void take(step);
            }}
          >
            {texts[step]}
          </button>
        ))}
      </div>
      {problem.value === null ? null : <ProblemNotice answer={problem.value} />}
      {asking.value === null ? null : (
        <ConfirmDialog
          question={texts.sure[asking.value]}
          yes={texts.yes[asking.value]}
          no={texts.no}
          answered={(isYes) => {
            const step = asking.value;
            asking.value = null;
            if (isYes && step !== null) void take(step);
          }}
        />
      )}
    </>
  );
};
