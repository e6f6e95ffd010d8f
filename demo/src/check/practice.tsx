import { useSignal } from '@preact/signals';
import { saveCheck } from '../api/student-api.ts';
import type { StudentPlace } from '../api/student-api.ts';
import { momentText } from '../page/moment-text.ts';
import { Notice } from '../page/notice.tsx';
import { studentPath } from '../sessions/exam-in-address.ts';
import type { CameraCheck } from './camera-check.ts';
import { checkResults } from './check-results.ts';
import { checkTexts } from './check-texts.ts';

const texts = checkTexts.practice;

/** After the trial run: when it was recorded, and the way back to the exam. */
export const PracticeDone = ({ checkedAt, examId }: { checkedAt: string; examId: string }) => (
  <Notice title={texts.done(momentText(checkedAt))}>
    <p>{texts.doneText}</p>
    <a class="button" href={studentPath(examId)}>
      {texts.back}
    </a>
  </Notice>
);

interface PracticeProps {
  check: CameraCheck;
  place: StudentPlace;
  done: (checkedAt: string) => void;
}

/** A trial run of the exam: one question that is sent nowhere, and the record that the teacher sees. */
export const Practice = ({ check, place, done }: PracticeProps) => {
  const answer = useSignal('');
  const problem = useSignal(false);
  const handIn = async (): Promise<void> => {
    const { value: stage } = check.stage;
    if (stage.stage !== 'checking') return;
    const results = checkResults(stage.camera, check.history.value, check.calibration.value);
    const saved = await saveCheck(place, results);
    problem.value = !saved.ok;
    if (!saved.ok) return;
    await check.leave();
    done(saved.value);
  };
  return (
    <section class="card" aria-labelledby="practice">
      <h2 id="practice">{texts.title}</h2>
      <p>{texts.text}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void handIn();
        }}
      >
        <div class="field">
          <label for="practice-answer">{texts.question}</label>
          <input
            id="practice-answer"
            type="text"
            autocomplete="off"
            value={answer.value}
            onInput={(event) => (answer.value = event.currentTarget.value)}
          />
        </div>
        {problem.value ? (
          <Notice kind="warning" urgent>
            <p>{texts.notSaved}</p>
          </Notice>
        ) : null}
        <button class="button" data-testid="practice-done">
          {texts.handIn}
        </button>
      </form>
    </section>
  );
};
