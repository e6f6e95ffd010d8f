import type { ObservationType } from '@invigil/protocol/rules';
import type { ListedReport } from '../api/report-api.ts';
import { durationText } from '../page/duration-text.ts';
import { observationName } from '../words/observation-words.ts';
import { reportPath } from './report-table.tsx';
import { coverageText, decisionText, studentOf } from './review-words.ts';
import { reviewTexts } from './review-texts.ts';

const texts = reviewTexts.compare;

type Row = readonly [name: string, of: (report: ListedReport) => string];

const rowsOf = (reports: readonly ListedReport[]): Row[] => {
  const types = new Set(reports.flatMap(({ observations }) => Object.keys(observations)));
  return [
    [reviewTexts.columns.priority, ({ risk }) => (risk === null ? reviewTexts.unknown : String(risk))],
    [reviewTexts.columns.coverage, coverageText],
    [texts.late, ({ coverage }) => (coverage?.late_s == null ? reviewTexts.unknown : durationText(coverage.late_s))],
    ...[...types].map((type): Row => [
      observationName(type as ObservationType),
      ({ observations }) => String(observations[type] ?? 0),
    ]),
    [texts.alerts, ({ alerts }) => String(alerts)],
    [texts.violations, ({ violations }) => String(violations)],
    [reviewTexts.columns.contests, ({ contests }) => String(contests)],
    [reviewTexts.columns.decision, decisionText],
  ];
};

interface CompareTableProps {
  reports: readonly ListedReport[];
  close: () => void;
}

/** Two reports side by side. */
export const CompareTable = ({ reports, close }: CompareTableProps) => (
  <div class="card" data-testid="compare">
    <h2 id="compare">{texts.title}</h2>
    <div class="table" role="region" aria-labelledby="compare" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.reading}</th>
            {reports.map((report) => (
              <th key={report.session_id} scope="col">
                <a href={reportPath(report.session_id)}>{studentOf(report)}</a>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rowsOf(reports).map(([name, of]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {reports.map((report) => (
                <td key={report.session_id}>{of(report)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    <button class="button quiet small" type="button" onClick={close}>
      {texts.close}
    </button>
  </div>
);
