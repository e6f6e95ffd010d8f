import { useEffect, useRef } from 'preact/hooks';
import { withSession } from '../../sessions/session-in-address.ts';
import type { ExamSession, ExamState, ExamStudent } from '../../api/exam-api.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import { pageLocale } from '../../page/language.ts';

const texts = proctorTexts.reports;
const moment = (iso: string): string =>
  new Date(iso).toLocaleString(pageLocale, { dateStyle: 'short', timeStyle: 'short' });

const ReportLink = ({ name, session }: { name: string; session: ExamSession }) => (
  <>
    <a href={withSession('/report/', session.session_id)}>{name}</a>{' '}
    <span class="soft small">
      {texts.began(moment(session.started_at))},{' '}
      {session.ended_at === null ? texts.underway : texts.ended(moment(session.ended_at))}
    </span>
  </>
);

const names = new Intl.Collator(undefined, { numeric: true });
const byName = (a: ExamStudent, b: ExamStudent): number => names.compare(a.student_name, b.student_name);

/** When an exam is completed, its sessions end one after the other. */
const lookAgainAfterMs = 2000;

interface ExamReportsProps {
  exam: ExamState;
  /** Reads the exam again. */
  load: () => Promise<void>;
}

/** Links to the reports of an exam that is over: every session of every student. */
export const ExamReports = ({ exam, load }: ExamReportsProps) => {
  const isFresh = useRef(false);
  useEffect(() => {
    const isWaiting = exam.students.some(({ sessions }) => sessions.some(({ ended_at }) => ended_at === null));
    if (isFresh.current && !isWaiting) return undefined;
    // The known state may predate the end of the exam.
    const timer = setTimeout(() => void load(), isFresh.current ? lookAgainAfterMs : 0);
    isFresh.current = true;
    return () => clearTimeout(timer);
  }, [exam]);
  const hasSessions = exam.students.some(({ sessions }) => sessions.length > 0);
  return (
    <section class="card" aria-labelledby="reports">
      <h2 id="reports">{texts.title}</h2>
      <p class="soft">{hasSessions ? texts.text : texts.none}</p>
      {hasSessions ? (
        <p>
          <a class="button" href={`/review/?exam=${encodeURIComponent(exam.exam_id)}`}>
            {texts.review}
          </a>
        </p>
      ) : null}
      <ul class="report-links">
        {exam.students.toSorted(byName).flatMap(({ student_id, student_name: name, sessions }) =>
          sessions.length === 0
            ? [
                <li key={student_id}>
                  {name} <span class="soft small">{texts.noSession}</span>
                </li>,
              ]
            : sessions.map((session) => (
                <li key={session.session_id}>
                  <ReportLink name={name} session={session} />
                </li>
              )),
        )}
      </ul>
    </section>
  );
};
