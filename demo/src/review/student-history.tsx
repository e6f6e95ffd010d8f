import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Answer } from '../api/answer.ts';
import { fetchStudentHistory } from '../api/report-api.ts';
import type { HistoryReport, StudentHistoryAnswer } from '../api/report-api.ts';
import { shortMomentText } from '../page/moment-text.ts';
import { ProblemNotice } from '../proctor/exam/problem-notice.tsx';
import { SummaryCells, SummaryHeads, reportPath } from './report-table.tsx';
import { reviewTexts } from './review-texts.ts';

const { history: texts, columns } = reviewTexts;

const Row = ({ report }: { report: HistoryReport }) => (
  <tr data-session={report.session_id}>
    <th scope="row">
      <a href={reportPath(report.session_id)}>{report.exam_title ?? reviewTexts.untitled}</a>
    </th>
    <td class="small">{report.ended_at === null ? '' : shortMomentText(report.ended_at)}</td>
    <SummaryCells report={report} />
  </tr>
);

const HistoryTable = ({ reports }: { reports: readonly HistoryReport[] }) => (
  <div class="table" role="region" aria-label={texts.table} tabIndex={0}>
    <table class="review-table">
      <thead>
        <tr>
          <th scope="col">{texts.exam}</th>
          <th scope="col">{columns.ended}</th>
          <SummaryHeads />
        </tr>
      </thead>
      <tbody>
        {reports.map((report) => (
          <Row key={report.session_id} report={report} />
        ))}
      </tbody>
    </table>
  </div>
);

/** One student's reports in all of the teacher's exams whose policy allows it. */
export const StudentHistory = ({ studentId }: { studentId: string }) => {
  const answer = useSignal<Answer<StudentHistoryAnswer> | null>(null);
  const load = async (): Promise<void> => {
    answer.value = await fetchStudentHistory(studentId);
  };
  useEffect(() => void load(), [studentId]);
  const known = answer.value;
  if (known === null) {
    return (
      <p class="soft" role="status">
        {reviewTexts.loading}
      </p>
    );
  }
  if (!known.ok) return <ProblemNotice answer={known} again={() => void load()} />;
  const { student_name: name, reports, has_more: hasMore } = known.value;
  document.title = texts.title(name ?? studentId);
  const exams = new Set(reports.map(({ exam_id: examId }) => examId)).size;
  return (
    <div data-student-history={reports.length}>
      <p class="no-print">
        <a href="/proctor/">{reviewTexts.exams}</a>
      </p>
      <h1>{texts.title(name ?? studentId)}</h1>
      <p class="soft">{texts.lead}</p>
      {reports.length === 0 ? <p>{texts.none}</p> : <HistoryTable reports={reports} />}
      <p class="soft small" role="status">
        {hasMore ? texts.newest(reports.length) : texts.count(reports.length, exams)}
      </p>
      {reports.length === 0 ? null : (
        <div class="buttons no-print">
          <button class="button quiet" type="button" onClick={() => print()}>
            {reviewTexts.print}
          </button>
        </div>
      )}
    </div>
  );
};
