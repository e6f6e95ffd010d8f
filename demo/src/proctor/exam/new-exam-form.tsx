import type { ExamPolicy } from '@invigil/protocol/channels';
import { useSignal } from '@preact/signals';
import { leavePage } from '../../page/leave-page.ts';
import { Notice } from '../../page/notice.tsx';
import type { Answer } from '../../api/answer.ts';
import { createExam, enrol } from '../../api/exam-api.ts';
import { examPath } from '../../sessions/exam-in-address.ts';
import { MinutesField, PolicyFields, TitleField } from './new-exam-fields.tsx';
import { ProblemNotice } from './problem-notice.tsx';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { readStudentLines } from './student-lines.ts';
import { StudentsField } from './students-field.tsx';

const texts = proctorTexts.create;
type Problem = { line: string } | Extract<Answer<unknown>, { ok: false }>;

const FormProblem = ({ problem }: { problem: Problem }) =>
  'line' in problem ? (
    <Notice kind="warning" urgent>
      <p>{texts.wrongStudents(problem.line)}</p>
    </Notice>
  ) : (
    <ProblemNotice answer={problem} />
  );

export const NewExamForm = () => {
  const title = useSignal('');
  const minutes = useSignal('');
  const lines = useSignal('');
  const view = useSignal<ExamPolicy['live_view']>('numbers');
  const breaks = useSignal(false);
  const withoutCamera = useSignal(false);
  const withoutAnalysis = useSignal(false);
  const isBusy = useSignal(false);
  const problem = useSignal<Problem | null>(null);

  const send = async (): Promise<Problem | null> => {
    const read = readStudentLines(lines.value);
    if (!read.ok) return { line: read.line };
    const created = await createExam({
      title: title.value.trim(),
      ...(minutes.value === '' ? {} : { duration_minutes: Number(minutes.value) }),
      policy: {
        live_view: view.value,
        breaks: breaks.value,
        may_run_without: { camera: withoutCamera.value, image_analysis: withoutAnalysis.value },
      },
    });
    if (!created.ok) return created;
    const { exam_id: examId } = created.value;
    // The exam exists even if enrolling fails; its page can add students as well.
    if (read.students.length > 0) await enrol(examId, read.students);
    leavePage(examPath(examId), isBusy);
    return null;
  };
  const create = async (): Promise<void> => {
    isBusy.value = true;
    problem.value = null;
    problem.value = await send();
    if (problem.value !== null) isBusy.value = false;
  };

  return (
    <section class="card" aria-labelledby="new-exam">
      <h2 id="new-exam">{texts.title}</h2>
      <p>
        <a href="/setup/">{texts.allSettings}</a>
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <TitleField title={title} />
        <MinutesField minutes={minutes} />
        <StudentsField id="exam-students" lines={lines} />
        <PolicyFields {...{ view, breaks, withoutCamera, withoutAnalysis }} />
        {problem.value === null ? null : <FormProblem problem={problem.value} />}
        <button class="button" disabled={isBusy.value}>
          {texts.button}
        </button>
      </form>
    </section>
  );
};
