import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { CopyLink } from '../../page/copy-link.tsx';
import type { Problem } from '../../api/answer.ts';
import { studentPath, setupPath } from '../../sessions/exam-in-address.ts';
import { EnrolForm } from './enrol-form.tsx';
import { ExamReports } from '../reports/exam-reports.tsx';
import { fetchExam } from '../../api/exam-api.ts';
import type { Exam, ExamState } from '../../api/exam-api.ts';
import { ExamSteps } from './exam-steps.tsx';
import { ProblemNotice } from './problem-notice.tsx';
import { RequestList } from './request-list.tsx';
import { StudentAccess } from './student-access.tsx';
import { proctorTexts as texts } from '../texts/proctor-texts.ts';
import { LiveExam } from './live-exam.tsx';

/** An exam's status only moves forward. */
const statusOrder: readonly ExamState['status'][] = ['SCHEDULED', 'WAITING', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED'];

const isOver = ({ status }: ExamState): boolean => status === 'COMPLETED' || status === 'CANCELLED';

interface ExamHeadProps {
  exam: ExamState;
  taken: (exam: Exam) => void;
  load: () => Promise<void>;
}

const ExamHead = ({ exam, taken, load }: ExamHeadProps) => (
  <header class="exam-head">
    <p>
      <a href="/proctor/">{texts.back}</a> · <a href={setupPath(exam.exam_id)}>{texts.list.setUp}</a>
    </p>
    <div class="exam-title">
      <h1>{exam.title ?? texts.untitled}</h1>
      <span class="badge" data-status={exam.status} role="status">
        {texts.status[exam.status]}
      </span>
      {exam.pin === null ? null : (
        <span class="soft">
          {texts.facts.pin}{' '}
          <span class="number" translate={false}>
            {exam.pin}
          </span>
        </span>
      )}
    </div>
    {isOver(exam) ? null : (
      <CopyLink address={new URL(studentPath(exam.exam_id), location.href).href} texts={texts.facts} />
    )}
    <ExamSteps exam={exam} taken={taken} />
    {isOver(exam) ? null : <EnrolForm examId={exam.exam_id} enrolled={load} />}
    <StudentAccess exam={exam} />
    {isOver(exam) ? <RequestList exam={exam} openStudent={null} /> : null}
  </header>
);

/** One exam: its status, and its students until it is over. */
export const ExamView = ({ examId }: { examId: string }) => {
  const known = useSignal<ExamState | null>(null);
  const problem = useSignal<Problem | null>(null);
  const changed = (exam: ExamState): void => {
    // A read that began before a step was taken may be answered after it.
    const isOutdated = statusOrder.indexOf(exam.status) < statusOrder.indexOf(known.peek()?.status ?? 'SCHEDULED');
    if (!isOutdated) known.value = exam;
  };
  const read = (exam: ExamState): void => {
    problem.value = null;
    changed(exam);
  };
  const load = async (): Promise<void> => {
    const answer = await fetchExam(examId);
    if (answer.ok) read(answer.value);
    else problem.value = answer;
  };
  useEffect(() => void load(), []);
  const exam = known.value;
  const notice = problem.value === null ? null : <ProblemNotice answer={problem.value} again={() => void load()} />;
  if (exam === null && notice === null) {
    return (
      <p class="soft" role="status">
        {texts.loading}
      </p>
    );
  }
  if (exam === null) {
    return (
      <>
        <h1>{texts.title}</h1>
        {notice}
        <p>
          <a href="/proctor/">{texts.back}</a>
        </p>
      </>
    );
  }
  return (
    <div data-exam-status={exam.status}>
      <ExamHead exam={exam} taken={(taken) => changed({ ...(known.peek() ?? exam), ...taken })} load={load} />
      {notice}
      {isOver(exam) ? <ExamReports exam={exam} load={load} /> : <LiveExam exam={exam} changed={read} />}
    </div>
  );
};
