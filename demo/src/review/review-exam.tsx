import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { fetchReportsCsv, nextToReview } from '../api/report-api.ts';
import type { ReportPage } from '../api/report-api.ts';
import type { Problem } from '../api/answer.ts';
import { saveFile } from '../page/save-file.ts';
import { useKey } from '../page/use-key.ts';
import { ProblemNotice } from '../proctor/exam/problem-notice.tsx';
import { examPath } from '../sessions/exam-in-address.ts';
import { BulkDecision } from './bulk-decision.tsx';
import { CompareTable } from './compare-table.tsx';
import { ReportTable, reportPath } from './report-table.tsx';
import { ReviewFilters } from './review-filters.tsx';
import { ReviewList } from './review-list.ts';
import { reviewTexts as texts } from './review-texts.ts';

const downloadCsv = async (examId: string, list: ReviewList): Promise<void> => {
  const answer = await fetchReportsCsv(examId, list.filter.peek());
  if (answer.ok) saveFile(`${examId}_reports.csv`, 'text/csv', answer.value);
};

interface ActionsProps {
  examId: string;
  list: ReviewList;
  undecided: number;
}

const Actions = ({ examId, list, undecided }: ActionsProps) => {
  const problem = useSignal<Problem | null>(null);
  const openNext = async (): Promise<void> => {
    const next = await nextToReview(examId, null);
    problem.value = next.ok ? null : next;
    if (next.ok && next.value !== null) location.assign(reportPath(next.value.session_id));
    // Somebody else has decided the last one.
    else if (next.ok) await list.load();
  };
  useKey('n', () => void openNext());
  return (
    <>
      {problem.value === null ? null : <ProblemNotice answer={problem.value} again={() => void openNext()} />}
      <div class="buttons no-print">
        {undecided === 0 ? (
          <p role="status">{texts.allReviewed}</p>
        ) : (
          <button class="button" type="button" title={texts.nextKey} onClick={() => void openNext()}>
            {texts.next(String(undecided))}
          </button>
        )}
        <button class="button quiet" type="button" onClick={() => void downloadCsv(examId, list)}>
          {texts.csv}
        </button>
        <button class="button quiet" type="button" onClick={() => print()}>
          {texts.print}
        </button>
      </div>
    </>
  );
};

interface ReportsProps {
  examId: string;
  list: ReviewList;
  counts: ReportPage['counts'];
}

const Reports = ({ examId, list, counts }: ReportsProps) => {
  const chosen = useSignal<readonly string[]>([]);
  const reports = list.reports.value;
  const compared = reports.filter(({ session_id: id }) => chosen.value.includes(id));
  return (
    <>
      <p class="soft">{texts.lead}</p>
      <Actions examId={examId} list={list} undecided={counts.decidable} />
      <ReviewFilters list={list} counts={counts} />
      <BulkDecision examId={examId} recorded={() => void list.load()} />
      {compared.length === 2 ? (
        <CompareTable reports={compared} close={() => (chosen.value = [])} />
      ) : (
        <p class="soft small no-print">{texts.compare.hint}</p>
      )}
      {reports.length === 0 ? <p>{texts.noReports}</p> : <ReportTable reports={reports} chosen={chosen} />}
      <p class="soft small" role="status">
        {texts.shown(String(reports.length), String(counts.matching))}
      </p>
      {list.hasMore.value ? (
        <button class="button quiet no-print" type="button" onClick={() => void list.more()}>
          {texts.more}
        </button>
      ) : null}
    </>
  );
};

/** The reports of one exam: list, filters, comparison and bulk decision. */
export const ReviewExam = ({ examId }: { examId: string }) => {
  const list = useMemo(() => new ReviewList(examId), [examId]);
  useEffect(() => void list.load(), [list]);
  const answer = list.answer.value;
  if (answer === null) {
    return (
      <p class="soft" role="status">
        {texts.loading}
      </p>
    );
  }
  if (!answer.ok) return <ProblemNotice answer={answer} again={() => void list.load()} />;
  const { counts, exam_title: title } = answer.value;
  const heading = `${texts.title}: ${title ?? texts.untitled}`;
  document.title = heading;
  return (
    <div data-review-list={counts.all}>
      <p class="no-print">
        <a href={examPath(examId)}>{texts.back}</a>
      </p>
      <h1>{heading}</h1>
      {list.problem.value === null ? null : (
        <ProblemNotice answer={list.problem.value} again={() => void list.load()} />
      )}
      {counts.all === 0 ? (
        <p role="status">{texts.noneYet}</p>
      ) : (
        <Reports examId={examId} list={list} counts={counts} />
      )}
      <p class="no-print review-links">
        <a href="/review/">{texts.rules.link}</a>
      </p>
    </div>
  );
};
