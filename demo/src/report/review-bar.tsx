import { reviewOutcomes } from '@invigil/protocol/report';
import type { Report } from '@invigil/protocol/report';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { nextToReview } from '../api/report-api.ts';
import type { ListedReport } from '../api/report-api.ts';
import { useKey } from '../page/use-key.ts';
import { withSession } from '../sessions/session-in-address.ts';
import { reportTexts } from './report-texts.ts';
import type { ReviewWriter } from './review-writer.ts';
import { SavingLine, save } from './saving.tsx';
import type { Saving } from './saving.tsx';

const texts = reportTexts.review;
const words = reportTexts.reviewBar;

interface ReviewBarProps {
  report: Report;
  writer: ReviewWriter;
}

/** Stays visible while the page scrolls: records a decision in one click and links to the next undecided report. */
export const ReviewBar = ({ report, writer }: ReviewBarProps) => {
  const { exam_id: examId, session_id: sessionId } = report.session;
  const next = useSignal<ListedReport | null>(null);
  const saving = useSignal<Saving>({ state: 'idle' });
  useEffect(() => {
    const find = async (): Promise<void> => {
      const answer = examId === null ? null : await nextToReview(examId, sessionId);
      // The exam's list, which the page links to, offers the next one as well.
      next.value = answer?.ok === true ? answer.value : null;
    };
    void find();
  }, [examId, sessionId]);
  const following = next.value;
  const address = following === null ? null : `${withSession('/report/', following.session_id)}&as=staff`;
  useKey('n', () => {
    if (address !== null) location.assign(address);
  });
  return (
    <div class="review-bar" role="region" aria-label={words.label} data-testid="review-bar">
      <div class="review-bar-outcomes" role="group" aria-label={texts.outcome}>
        {reviewOutcomes.map((outcome) => (
          <button
            key={outcome}
            type="button"
            class="button quiet small"
            aria-pressed={report.review.outcome === outcome}
            disabled={saving.value.state === 'busy'}
            onClick={() => void save(saving, () => writer.review({ outcome, observations: [] }))}
          >
            {texts.outcomes[outcome]}
          </button>
        ))}
        <SavingLine saving={saving.value} />
      </div>
      {address === null ? null : (
        <a class="button small" href={address} title={words.nextKey}>
          {words.next}
        </a>
      )}
    </div>
  );
};
