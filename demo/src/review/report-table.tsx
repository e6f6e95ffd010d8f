import type { Signal } from '@preact/signals';
import type { ObservationType } from '@invigil/protocol/rules';
import type { ListedReport } from '../api/report-api.ts';
import { withSession } from '../sessions/session-in-address.ts';
import { shortMomentText } from '../page/moment-text.ts';
import { observationName } from '../words/observation-words.ts';
import { coverageText, decisionText, reviewersText, studentOf } from './review-words.ts';
import { reviewTexts } from './review-texts.ts';

const texts = reviewTexts.columns;

/** Two reports are compared: a third replaces the first. */
const toggled = (chosen: readonly string[], id: string): readonly string[] =>
  chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id].slice(-2);

export const reportPath = (sessionId: string): string => `${withSession('/report/', sessionId)}&as=staff`;

/** How often each type was observed. */
const Observations = ({ report }: { report: Pick<ListedReport, 'observations'> }) => {
  const counts = Object.entries(report.observations).toSorted(([, a], [, b]) => b - a);
  if (counts.length === 0) return <span class="soft">{reviewTexts.none}</span>;
  return <>{counts.map(([type, count]) => `${count} × ${observationName(type as ObservationType)}`).join(', ')}</>;
};

const CoverageCell = ({ report }: { report: ListedReport }) => {
  const share = report.coverage?.share ?? 0;
  const late = report.coverage === null ? 0 : (report.coverage.late_s ?? 0) / Math.max(1, report.coverage.duration_s);
  return (
    <td>
      <span class="cover" aria-hidden="true">
        <span class="kind live" style={{ width: `${(share * 100).toFixed(1)}%` }} />
        <span class="kind late" style={{ width: `${(Math.min(late, 1 - share) * 100).toFixed(1)}%` }} />
      </span>
      <span class="number small" translate={false}>
        {coverageText(report)}
      </span>
    </td>
  );
};

/** The columns that every list of reports has, in the order of `SummaryHeads`. */
export const SummaryCells = ({ report }: { report: ListedReport }) => (
  <>
    <td class="number end" translate={false}>
      {report.risk ?? '–'}
    </td>
    <CoverageCell report={report} />
    <td>
      <Observations report={report} />
    </td>
    <td class="number end">{report.contests === 0 ? '' : report.contests}</td>
    <td>{decisionText(report)}</td>
    <td>{reviewersText(report)}</td>
  </>
);

export const SummaryHeads = () => (
  <>
    <th scope="col" class="end">
      {texts.priority}
    </th>
    <th scope="col">{texts.coverage}</th>
    <th scope="col">{texts.observations}</th>
    <th scope="col" class="end">
      {texts.contests}
    </th>
    <th scope="col">{texts.decision}</th>
    <th scope="col">{texts.reviewer}</th>
  </>
);

interface RowProps {
  report: ListedReport;
  chosen: Signal<readonly string[]>;
}

const Row = ({ report, chosen }: RowProps) => (
  <tr data-session={report.session_id} data-review={report.review.status}>
    <td class="no-print">
      <label class="choose">
        <input
          type="checkbox"
          aria-label={reviewTexts.compareOne(studentOf(report))}
          checked={chosen.value.includes(report.session_id)}
          onChange={() => (chosen.value = toggled(chosen.value, report.session_id))}
        />
      </label>
    </td>
    <th scope="row">
      <a href={reportPath(report.session_id)} translate={false}>
        {studentOf(report)}
      </a>
    </th>
    <SummaryCells report={report} />
    <td class="number small" translate={false}>
      {report.ended_at === null ? '' : shortMomentText(report.ended_at)}
    </td>
  </tr>
);

interface ReportTableProps {
  reports: readonly ListedReport[];
  chosen: Signal<readonly string[]>;
}

/** One line for each report. */
export const ReportTable = ({ reports, chosen }: ReportTableProps) => (
  <div class="table" role="region" aria-label={reviewTexts.title} tabIndex={0}>
    <table class="review-table">
      <thead>
        <tr>
          <th scope="col" class="no-print">
            {texts.compare}
          </th>
          <th scope="col">{texts.student}</th>
          <SummaryHeads />
          <th scope="col">{texts.ended}</th>
        </tr>
      </thead>
      <tbody>
        {reports.map((report) => (
          <Row key={report.session_id} report={report} chosen={chosen} />
        ))}
      </tbody>
    </table>
  </div>
);
