import type { ListedReport } from '../api/report-api.ts';
import { percentText } from '../page/number-text.ts';
import { reportTexts } from '../report/report-texts.ts';
import { reviewTexts as texts } from './review-texts.ts';

const { outcomes } = reportTexts.review;

/** The student's name, or their id. */
export const studentOf = ({ student_name: name, student_id: id, session_id: session }: ListedReport): string =>
  name ?? id ?? session;

export const decisionText = ({ review }: ListedReport): string => {
  if (review.outcome === null) return texts.undecided;
  const said = outcomes[review.outcome];
  if (review.status === 'second') return texts.secondNeeded(said);
  return review.other_outcome === null || review.other_outcome === review.outcome
    ? said
    : texts.disagree(said, outcomes[review.other_outcome]);
};

export const reviewersText = ({ review }: ListedReport): string =>
  [review.by, review.other_by].filter((name) => name !== null).join(', ');

/** Rounded down, so that "100%" means all of it. */
const percent = (share: number): string => percentText(Math.floor(share * 100) / 100);

export const coverageText = ({ coverage }: ListedReport): string => {
  if (coverage === null || coverage.share === null || coverage.duration_s === 0) return texts.unknown;
  return texts.coverage(percent(coverage.share), percent((coverage.late_s ?? 0) / coverage.duration_s));
};
