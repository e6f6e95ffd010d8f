import { useSignal } from '@preact/signals';
import { Notice } from '../../page/notice.tsx';
import type { Answer } from '../../api/answer.ts';
import { enrol } from '../../api/exam-api.ts';
import { ProblemNotice } from './problem-notice.tsx';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { readStudentLines } from './student-lines.ts';
import { StudentsField } from './students-field.tsx';

const texts = proctorTexts.enrol;

export const EnrolForm = ({ examId, enrolled }: { examId: string; enrolled: () => Promise<void> }) => {
  const lines = useSignal('');
  const wrongLine = useSignal<string | null>(null);
  const problem = useSignal<Extract<Answer<unknown>, { ok: false }> | null>(null);
  const add = async (): Promise<void> => {
    const sent = lines.peek();
    const read = readStudentLines(sent);
    wrongLine.value = read.ok ? null : read.line;
    if (!read.ok || read.students.length === 0) return;
    const answer = await enrol(examId, read.students);
    problem.value = answer.ok ? null : answer;
    if (!answer.ok) return;
    // Keep text typed while enrolling.
    if (lines.peek() === sent) lines.value = '';
    await enrolled();
  };
  return (
    <details>
      <summary>{texts.title}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <StudentsField id="more-students" lines={lines} />
        {wrongLine.value === null ? null : (
          <Notice kind="warning" urgent>
            <p>{proctorTexts.create.wrongStudents(wrongLine.value)}</p>
          </Notice>
        )}
        {problem.value === null ? null : <ProblemNotice answer={problem.value} />}
        <button class="button quiet">{texts.button}</button>
      </form>
    </details>
  );
};
