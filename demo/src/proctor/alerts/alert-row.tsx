import { alertOutcomes } from '@invigil/protocol/channels';
import type { AlertOutcome } from '@invigil/protocol/channels';
import { useSignal } from '@preact/signals';
import { clockText, wholeSecondsText } from '../../page/duration-text.ts';
import { timeOfDayText } from '../../page/moment-text.ts';
import { observationName } from '../../words/observation-words.ts';
import { alertTexts } from '../texts/alert-texts.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import type { OpenAlert } from '../watch/alert-board.ts';

const texts = proctorTexts.alerts;
const maxNoteLength = 1000;

interface NoteFormProps {
  label: string;
  save: (note: string) => void;
  cancel: () => void;
}

const NoteForm = ({ label, save, cancel }: NoteFormProps) => {
  const note = useSignal('');
  return (
    <form
      class="write"
      onSubmit={(event) => {
        event.preventDefault();
        if (note.value.trim() !== '') save(note.value.trim());
      }}
    >
      <textarea
        rows={2}
        required
        maxLength={maxNoteLength}
        aria-label={label}
        value={note.value}
        onInput={(event) => (note.value = event.currentTarget.value)}
      />
      <div class="save">
        <button class="button small">{alertTexts.saveNote}</button>
        <button type="button" class="button quiet small" onClick={cancel}>
          {alertTexts.cancel}
        </button>
      </div>
    </form>
  );
};

export interface AlertRowProps {
  alert: OpenAlert;
  name: string;
  nowMs: number;
  take: (outcome: AlertOutcome | null, note: string | null) => void;
}

/** An alert with its duration, image and actions. */
export const AlertRow = ({ alert, name, nowMs, take }: AlertRowProps) => {
  const { result, thumbnail, isAcknowledging, endedAfterS } = alert;
  const isWriting = useSignal(false);
  const what = observationName(result.observation.type);
  const sinceS = Math.max(0, (nowMs - Date.parse(result.raised_at)) / 1000);
  return (
    <li class="alert" data-alert={result.alert_id}>
      <p>
        <strong>{what}</strong>{' '}
        <span class="number soft" translate={false}>
          {endedAfterS === null ? clockText(sinceS) : alertTexts.endedAfter(wholeSecondsText(endedAfterS))}
        </span>
        {result.escalated ? <span class="soft"> · {texts.escalated}</span> : null}
      </p>
      {thumbnail === null ? null : (
        <figure>
          <img src={`data:image/jpeg;base64,${thumbnail}`} alt={proctorTexts.student.thumbnail(name)} />
          <figcaption class="soft small">{alertTexts.imageAt(timeOfDayText(Date.parse(result.raised_at)))}</figcaption>
        </figure>
      )}
      {isWriting.value ? (
        <NoteForm
          label={alertTexts.noteLabel(what, name)}
          save={(note) => take(null, note)}
          cancel={() => (isWriting.value = false)}
        />
      ) : (
        <div class="buttons">
          <button
            type="button"
            class="button small"
            disabled={isAcknowledging}
            aria-label={texts.takeLabel(what, name)}
            onClick={() => take(null, null)}
          >
            {isAcknowledging ? texts.taking : texts.take}
          </button>
          {alertOutcomes.map((outcome) => (
            <button
              key={outcome}
              type="button"
              class="button quiet small"
              disabled={isAcknowledging}
              aria-label={alertTexts.outcomeLabel(alertTexts.outcomes[outcome], what, name)}
              onClick={() => take(outcome, null)}
            >
              {alertTexts.outcomes[outcome]}
            </button>
          ))}
          <button
            type="button"
            class="button quiet small"
            aria-label={alertTexts.noteLabel(what, name)}
            onClick={() => (isWriting.value = true)}
          >
            {alertTexts.note}
          </button>
        </div>
      )}
    </li>
  );
};
