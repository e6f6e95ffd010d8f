import { withSession } from '../sessions/session-in-address.ts';
import type { ExamSession, ExamState, ExamStudent } from './exam-api.ts';
import { proctorTexts } from './proctor-texts.ts';

const texts = proctorTexts.reports;
const moment = (iso: string): string => new Date(iso).toLocaleString();

const Sitting = ({ name, sitting }: { name: string; sitting: ExamSession }) => (
  <>
    <a href={withSession('/report/', sitting.session_id)}>{name}</a>{' '}
    <span class="soft small">
      {texts.began(moment(sitting.started_at))},{' '}
      {sitting.ended_at === null ? texts.underway : texts.ended(moment(sitting.ended_at))}
    </span>
  </>
);

const byName = (a: ExamStudent, b: ExamStudent): number => a.student_name.localeCompare(b.student_name);

/** The ways to the reports of an exam that is over: every sitting of every student. */
export const ExamReports = ({ exam }: { exam: ExamState }) => {
  const hasSittings = exam.students.some(({ sessions }) => sessions.length > 0);
  return (
    <section class="card" aria-labelledby="reports">
      <h2 id="reports">{texts.title}</h2>
      <p class="soft">{hasSittings ? texts.text : texts.none}</p>
      <ul class="report-links">
        {exam.students.toSorted(byName).flatMap(({ student_id, student_name: name, sessions }) =>
          sessions.length === 0
            ? [
                <li key={student_id}>
                  {name} <span class="soft small">{texts.noSitting}</span>
                </li>,
              ]
            : sessions.map((sitting) => (
                <li key={sitting.session_id}>
                  <Sitting name={name} sitting={sitting} />
                </li>
              )),
        )}
      </ul>
    </section>
  );
};
