import { reviewOutcomes } from '@invigil/protocol/report';
import type { Review } from '@invigil/protocol/report';
import { useSignal } from '@preact/signals';
import { reportTexts } from './report-texts.ts';
import type { ReviewWriter } from './review-writer.ts';
import { SavingLine, save } from './saving.tsx';
import type { Saving } from './saving.tsx';
import { momentText } from '../page/moment-text.ts';

const texts = reportTexts.review;
type Outcome = (typeof reviewOutcomes)[number];

const momentOf = (iso: string | null): string => (iso === null ? '' : momentText(iso));

const DecisionForm = ({ review, writer }: { review: Review; writer: ReviewWriter }) => {
  const outcome = useSignal<Outcome | null>(review.outcome);
  const notes = useSignal(review.notes ?? '');
  const saving = useSignal<Saving>({ state: 'idle' });
  const send = async (): Promise<void> => {
    const said = outcome.value;
    if (said === null) return;
    await save(saving, () => writer.review({ outcome: said, notes: notes.value.trim(), observations: [] }));
  };
  return (
    <form
      class="decision-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <fieldset class="marks">
        <legend>{texts.outcome}</legend>
        {reviewOutcomes.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="outcome"
              required
              checked={outcome.value === name}
              onChange={() => (outcome.value = name)}
            />
            {texts.outcomes[name]}
          </label>
        ))}
      </fieldset>
      <label class="note">
        {texts.notes}
        <textarea
          rows={3}
          maxLength={4000}
          value={notes.value}
          onInput={(event) => (notes.value = event.currentTarget.value)}
        />
      </label>
      <div class="save">
        <button class="button" disabled={saving.value.state === 'busy'}>
          {texts.saveOutcome}
        </button>
        <SavingLine saving={saving.value} />
      </div>
    </form>
  );
};

interface DecisionProps {
  review: Review;
  writer: ReviewWriter;
  isRunning: boolean;
}

/** The human decision on the whole session, and its form. */
export const Decision = ({ review, writer, isRunning }: DecisionProps) => (
  <section class="card" aria-labelledby="review" data-testid="decision">
    <h2 id="review">{texts.title}</h2>
    {review.status === 'open' ? (
      <p>{texts.open}</p>
    ) : (
      <>
        <p>{texts.reviewed(review.by ?? reportTexts.facts.unknown, momentOf(review.at))}</p>
        {review.outcome === null ? null : (
          <p>
            <strong>{texts.outcomes[review.outcome]}</strong>
          </p>
        )}
        {review.notes === null ? null : <p>{review.notes}</p>}
      </>
    )}
    <p class="soft">{reportTexts.decides}</p>
    {writer.viewer === 'staff' && !isRunning ? <DecisionForm review={review} writer={writer} /> : null}
  </section>
);
