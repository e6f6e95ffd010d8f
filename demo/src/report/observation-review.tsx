import { reviewMarks } from '@invigil/protocol/report';
import type { Review } from '@invigil/protocol/report';
import { useSignal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { reportTexts } from './report-texts.ts';
import type { ReviewWriter } from './review-writer.ts';
import { SavingLine, save } from './saving.tsx';
import type { Saving } from './saving.tsx';
import { pageLanguage } from '../page/language.ts';

const texts = reportTexts.review;
type Mark = (typeof reviewMarks)[number];

interface ObservationReviewProps {
  observationId: string;
  review: Review;
  writer: ReviewWriter;
}

interface NoteFieldProps {
  label: string;
  text: Signal<string>;
  required?: boolean;
}

const NoteField = ({ label, text, required = false }: NoteFieldProps) => (
  <label class="note">
    {label}
    <textarea
      rows={2}
      maxLength={4000}
      required={required}
      value={text.value}
      onInput={(event) => (text.value = event.currentTarget.value)}
    />
  </label>
);

const SaveButton = ({ label, saving }: { label: string; saving: Saving }) => (
  <div class="save">
    <button class="button small" disabled={saving.state === 'busy'}>
      {label}
    </button>
    <SavingLine saving={saving} />
  </div>
);

/** A reviewer's assessment of one observation. */
const MarkForm = ({ observationId, review, writer }: ObservationReviewProps) => {
  const known = review.observations.find(({ id }) => id === observationId);
  const mark = useSignal<Mark | null>(known?.mark ?? null);
  const note = useSignal(known?.note ?? '');
  const saving = useSignal<Saving>({ state: 'idle' });
  const send = async (): Promise<void> => {
    const said = mark.value;
    if (said === null) return;
    const text = note.value.trim();
    const entry = { id: observationId, mark: said, ...(text === '' ? {} : { note: text }) };
    await save(saving, () => writer.review({ observations: [entry] }));
  };
  return (
    <form
      class="mark-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <fieldset class="marks">
        <legend>{texts.mark}</legend>
        {reviewMarks.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name={`mark-${observationId}`}
              required
              checked={mark.value === name}
              onChange={() => (mark.value = name)}
            />
            {texts.marks[name]}
          </label>
        ))}
      </fieldset>
      <NoteField label={texts.note} text={note} />
      <SaveButton label={texts.saveMark} saving={saving.value} />
    </form>
  );
};

/** The student's response to one observation. */
const ContestForm = ({ observationId, writer }: ObservationReviewProps) => {
  const text = useSignal('');
  const saving = useSignal<Saving>({ state: 'idle' });
  const send = async (): Promise<void> => {
    const sent = text.peek().trim();
    if (sent === '') return;
    const isSaved = await save(saving, () => writer.contest(observationId, sent));
    // Keep text typed while sending.
    if (isSaved && text.peek().trim() === sent) text.value = '';
  };
  return (
    <form
      class="mark-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <NoteField label={texts.contest} text={text} required />
      <SaveButton label={texts.sendContest} saving={saving.value} />
    </form>
  );
};

/** Assessments of one observation, and the form to add one. */
export const ObservationReview = (props: ObservationReviewProps) => {
  const { observationId, review, writer } = props;
  const known = review.observations.find(({ id }) => id === observationId);
  return (
    <div class="observation-review">
      {known === undefined ? null : (
        <p data-testid="mark">
          <strong>{texts.marks[known.mark]}</strong>
          {known.by === null ? null : <span class="soft"> – {known.by}</span>}
          {known.note === null ? null : <span>: {known.note}</span>}
        </p>
      )}
      {review.contests
        .filter(({ id }) => id === observationId)
        .map(({ text, at }) => (
          <blockquote key={at}>
            <p class="soft small">{texts.contested(new Date(at).toLocaleString(pageLanguage))}</p>
            <p>{text}</p>
          </blockquote>
        ))}
      {writer.viewer === 'staff' ? <MarkForm {...props} /> : <ContestForm {...props} />}
    </div>
  );
};
