import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { CopyLink } from '../../page/copy-link.tsx';
import type { Answer } from '../../api/answer.ts';
import { studentPath, setupPath } from '../../sessions/exam-in-address.ts';
import { EnrolForm } from './enrol-form.tsx';
import { ExamReports } from '../reports/exam-reports.tsx';
import { fetchExam } from '../../api/exam-api.ts';
import type { ExamState } from '../../api/exam-api.ts';
import { ExamSteps } from './exam-steps.tsx';
import { ProblemNotice } from './problem-notice.tsx';
import { RequestList } from './request-list.tsx';
import { StudentAccess } from './student-access.tsx';
import { proctorTexts as texts } from '../texts/proctor-texts.ts';
import { LiveExam } from './live-exam.tsx';

const isOver = ({ status }: ExamState): boolean => status === 'COMPLETED' || status === 'CANCELLED';

interface ExamHeadProps {
  exam: ExamState;
  changed: (exam: ExamState) => void;
  load: () => Promise<void>;
}

const ExamHead = ({ exam, changed, load }: ExamHeadProps) => (
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
    <ExamSteps exam={exam} taken={(taken) => changed({ ...exam, ...taken })} />
    {isOver(exam) ? null : <EnrolForm examId={exam.exam_id} enrolled={load} />}
    <StudentAccess exam={exam} />
    {isOver(exam) ? <RequestList exam={exam} openStudent={null} /> : null}
  </header>
);

/** One exam: its status, and its students until it is over. */
export const ExamView = ({ examId }: { examId: string }) => {
  const answer = useSignal<Answer<ExamState> | null>(null);
  const load = async (): Promise<void> => {
    answer.value = await fetchExam(examId);
  };
  useEffect(() => void load(), []);
  const known = answer.value;
  if (known === null) {
    return (
      <p class="soft" role="status">
        {texts.loading}
      </p>
    );
  }
  if (!known.ok) {
    return (
      <>
        <h1>{texts.title}</h1>
        <ProblemNotice answer={known} again={() => void load()} />
        <p>
          <a href="/proctor/">{texts.back}</a>
        </p>
      </>
    );
  }
  const changed = (exam: ExamState): void => {
    answer.value = { ok: true, value: exam };
  };
  return (
    <div data-exam-status={known.value.status}>
      <ExamHead exam={known.value} changed={changed} load={load} />
      {isOver(known.value) ? (
        <ExamReports exam={known.value} load={load} />
      ) : (
        <LiveExam exam={known.value} changed={changed} />
      )}
    </div>
  );
};
