import type { Report } from '@invigil/protocol/report';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { listReports } from '../api/report-api.ts';
import { momentText } from '../page/moment-text.ts';
import { historyPath } from '../sessions/student-in-address.ts';
import { examPath } from '../sessions/exam-in-address.ts';
import type { Viewer } from './report-viewer.ts';
import { reportTexts as texts } from './report-texts.ts';

const moment = (iso: string | null): string | null => (iso === null ? null : momentText(iso));

/** Names that the report itself, which may be published or archived, does not contain. */
interface Names {
  exam: string | null;
  student: string | null;
  /** Whether the exam's policy allows a history of its students. */
  hasHistory: boolean;
}

const noNames: Names = { exam: null, student: null, hasHistory: false };

const namesOf = async ({ exam_id: examId, member_id: memberId }: Report['session']): Promise<Names> => {
  if (examId === null || memberId === null) return noNames;
  const answer = await listReports(examId, { student: memberId, limit: '50' });
  if (!answer.ok) return noNames;
  const own = answer.value.reports.find(({ student_id: id }) => id === memberId);
  const { exam_title: exam, history: hasHistory } = answer.value;
  return { exam, student: own?.student_name ?? null, hasHistory };
};

const factsOf = ({ session }: Report, names: Names): readonly (readonly [string, string])[] => [
  [texts.facts.student, names.student ?? session.member_id ?? texts.facts.unknown],
  [texts.facts.exam, names.exam ?? session.exam_id ?? texts.facts.unknown],
  [texts.facts.session, session.session_id],
  [texts.facts.started, moment(session.started_at) ?? texts.facts.unknown],
  [texts.facts.ended, moment(session.ended_at) ?? texts.facts.notEnded],
];

/** The way back to the exam and its reports. */
const BackLinks = ({ examId, studentId }: { examId: string; studentId: string | null }) => (
  <p class="back-links">
    <a href={`/review/?exam=${encodeURIComponent(examId)}`}>{texts.reviewBar.list}</a>{' '}
    <a href={examPath(examId)}>{texts.reviewBar.exam}</a>
    {studentId === null ? null : (
      <>
        {' '}
        <a href={historyPath(studentId)}>{texts.reviewBar.history}</a>
      </>
    )}
  </p>
);

/** Who and what the report is about, with names for staff. */
export const ReportHeading = ({ report, viewer }: { report: Report; viewer: Viewer }) => {
  const names = useSignal<Names>(noNames);
  const { exam_id: examId } = report.session;
  useEffect(() => {
    const load = async (): Promise<void> => {
      if (viewer !== 'staff') return;
      names.value = await namesOf(report.session);
      // Names the file if the report is printed as PDF.
      const { exam, student } = names.value;
      document.title = [student ?? report.session.member_id, exam, texts.title].filter(Boolean).join(' – ');
    };
    void load();
  }, [report.session.session_id]);
  return (
    <>
      {viewer === 'staff' && examId !== null ? (
        <BackLinks examId={examId} studentId={names.value.hasHistory ? report.session.member_id : null} />
      ) : null}
      <dl class="facts">
        {factsOf(report, names.value).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
};
