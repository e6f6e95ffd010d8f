import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Answer } from '../../api/answer.ts';
import { listExams } from '../../api/exam-api.ts';
import type { Exam } from '../../api/exam-api.ts';
import { momentText } from '../../page/moment-text.ts';
import { examPath, setupPath } from '../../sessions/exam-in-address.ts';
import { NewExamForm } from './new-exam-form.tsx';
import { ProblemNotice } from './problem-notice.tsx';
import { proctorTexts as texts } from '../texts/proctor-texts.ts';

const ExamRow = ({ exam }: { exam: Exam }) => (
  <li>
    <a href={examPath(exam.exam_id)}>{exam.title ?? exam.exam_id}</a>
    <span class="badge" data-status={exam.status}>
      {texts.status[exam.status]}
    </span>
    <span class="soft small">{texts.list.made(momentText(exam.created_at))}</span>
    <a class="small" href={setupPath(exam.exam_id)} aria-label={texts.list.setUpLabel(exam.title ?? exam.exam_id)}>
      {texts.list.setUp}
    </a>
  </li>
);

const Exams = ({ exams }: { exams: readonly Exam[] }) => (
  <section class="card" aria-labelledby="exams">
    <h2 id="exams">{texts.list.title}</h2>
    {exams.length === 0 ? <p class="soft">{texts.list.none}</p> : null}
    <ul class="exam-list">
      {exams.map((exam) => (
        <ExamRow key={exam.exam_id} exam={exam} />
      ))}
    </ul>
  </section>
);

/** A teacher's exams, and the form for a new one. */
export const ExamListView = () => {
  const answer = useSignal<Answer<Exam[]> | null>(null);
  const load = async (): Promise<void> => {
    answer.value = await listExams();
  };
  useEffect(() => void load(), []);
  const known = answer.value;
  return (
    <div data-exams={known === null ? 'loading' : known.ok ? 'shown' : known.problem}>
      <h1>{texts.title}</h1>
      <p class="lead">{texts.lead}</p>
      {known === null ? (
        <p class="soft" role="status">
          {texts.loading}
        </p>
      ) : known.ok ? (
        <div class="exams-and-form">
          <Exams exams={known.value} />
          <NewExamForm />
        </div>
      ) : (
        <ProblemNotice answer={known} again={() => void load()} />
      )}
    </div>
  );
};
