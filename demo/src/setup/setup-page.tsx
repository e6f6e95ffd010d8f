import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Problem } from '../api/answer.ts';
import { fetchExam } from '../api/exam-api.ts';
import type { ExamState } from '../api/exam-api.ts';
import { leavePage } from '../page/leave-page.ts';
import { NewestRequest } from '../page/newest-request.ts';
import { Notice } from '../page/notice.tsx';
import { ProblemNotice } from '../proctor/exam/problem-notice.tsx';
import { examPath, setupPath } from '../sessions/exam-in-address.ts';
import { copyStudents } from './copy-students.ts';
import { DeleteExam } from './delete-exam.tsx';
import { draftOf, newDraft } from './exam-draft.ts';
import { ExamForm } from './exam-form.tsx';
import { ExamFormState } from './exam-form-state.ts';
import { Roster } from './roster.tsx';
import { setupTexts as texts } from './setup-texts.ts';

const NewExam = ({ from }: { from: ExamState | null }) => {
  const form = useMemo(() => {
    const draft =
      from === null
        ? newDraft
        : { ...draftOf(from), scheduledAt: '', title: texts.copyOf(from.title ?? texts.untitled) };
    return new ExamFormState(draft, null);
  }, []);
  const withStudents = useSignal(true);
  /** The exam was created without some of the students. */
  const incomplete = useSignal<{ examId: string; failed: number } | null>(null);
  const send = async (): Promise<void> => {
    const exam = await form.send();
    if (exam === null) return;
    // The exam exists now, so a second click would create another.
    form.isBusy.value = true;
    const failed = from !== null && withStudents.value ? await copyStudents(from, exam.exam_id) : 0;
    if (failed === 0) leavePage(setupPath(exam.exam_id), form.isBusy);
    else incomplete.value = { examId: exam.exam_id, failed };
  };
  if (incomplete.value !== null) {
    return (
      <Notice kind="warning" urgent>
        <p>{texts.notCopied(incomplete.value.failed)}</p>
        <p>
          <a href={setupPath(incomplete.value.examId)}>{texts.toExam}</a>
        </p>
      </Notice>
    );
  }
  return (
    <ExamForm form={form} webhookSecret={null} send={() => void send()}>
      {from === null || from.students.length === 0 ? null : (
        <p>
          <label class="check-label">
            <input
              type="checkbox"
              checked={withStudents.value}
              onChange={({ currentTarget: { checked } }) => (withStudents.value = checked)}
            />
            {texts.withStudents(from.students.length)}
          </label>
        </p>
      )}
    </ExamForm>
  );
};

const EditedExam = ({ exam, load }: { exam: ExamState; load: () => Promise<void> }) => {
  const { exam_id: examId, status } = exam;
  const form = useMemo(() => new ExamFormState(draftOf(exam), { examId, status }), [examId]);
  form.follow(status, draftOf(exam));
  return (
    <>
      <p>
        <a href={examPath(examId)}>{texts.toExam}</a>
      </p>
      <ExamForm
        form={form}
        webhookSecret={exam.webhook_secret}
        send={() => void form.send().then((changed) => (changed === null ? undefined : load()))}
      />
      <Roster exam={exam} load={load} />
      <section class="setup-end">
        <p>
          <a class="button quiet" href={`/setup/?copy=${encodeURIComponent(examId)}`}>
            {texts.duplicate}
          </a>
        </p>
        <DeleteExam exam={exam} />
      </section>
    </>
  );
};

interface SetupPageProps {
  /** The exam to change or to copy; null: a new one. */
  examId: string | null;
  isCopy: boolean;
}

const titleOf = (exam: ExamState | null, isCopy: boolean): string => {
  if (exam === null) return texts.newTitle;
  const title = exam.title ?? texts.untitled;
  return isCopy ? texts.copyTitle(title) : texts.editTitle(title);
};

/** All settings of a new or existing exam, and its students. */
export const SetupPage = ({ examId, isCopy }: SetupPageProps) => {
  const known = useSignal<ExamState | null>(null);
  const problem = useSignal<Problem | null>(null);
  const reads = useMemo(() => new NewestRequest(), []);
  const load = async (): Promise<void> => {
    if (examId === null) return;
    const isNewest = reads.begin();
    const answer = await fetchExam(examId);
    if (!isNewest()) return;
    problem.value = answer.ok ? null : answer;
    if (answer.ok) known.value = answer.value;
  };
  useEffect(() => void load(), []);
  const { value: exam } = known;
  return (
    <div data-setup={examId === null || exam !== null ? 'shown' : 'loading'}>
      <p>
        <a href="/proctor/">{texts.back}</a>
      </p>
      <h1>{titleOf(exam, isCopy)}</h1>
      {problem.value === null ? null : <ProblemNotice answer={problem.value} again={() => void load()} />}
      {exam === null && problem.value === null && examId !== null ? <p role="status">{texts.loading}</p> : null}
      {examId === null || (exam !== null && isCopy) ? <NewExam from={exam} /> : null}
      {exam !== null && !isCopy ? <EditedExam exam={exam} load={load} /> : null}
    </div>
  );
};
