import { alertOutcomes } from '@invigil/protocol/channels';
import type { AlertOutcome, AlertResult } from '@invigil/protocol/channels';
import { useSignal } from '@preact/signals';
import { clockText, wholeSecondsText } from '../../page/duration-text.ts';
import { timeOfDayText } from '../../page/moment-text.ts';
import { observationName } from '../../words/observation-words.ts';
import { alertTexts } from '../texts/alert-texts.ts';
import { proctorTexts } from '../texts/proctor-texts.ts';
import type { OpenAlert } from '../watch/alert-board.ts';
import type { AlertNotes } from '../watch/alert-notes.ts';

const texts = proctorTexts.alerts;
const maxNoteLength = 1000;

interface NoteFormProps {
  label: string;
  note: string;
  write: (note: string) => void;
  save: (note: string) => void;
  cancel: () => void;
}

const NoteForm = ({ label, note, write, save, cancel }: NoteFormProps) => (
  <form
    class="write"
    onSubmit={(event) => {
      event.preventDefault();
      if (note.trim() !== '') save(note.trim());
    }}
  >
    <textarea
      rows={2}
      required
      maxLength={maxNoteLength}
      aria-label={label}
      value={note}
      onInput={(event) => write(event.currentTarget.value)}
    />
    <div class="save">
      <button class="button small">{alertTexts.saveNote}</button>
      <button type="button" class="button quiet small" onClick={cancel}>
        {alertTexts.cancel}
      </button>
    </div>
  </form>
);

/** Beyond this, the end is probably unknown, for example because the session ended. */
const longestClockS = 600;

const durationText = ({ observation }: AlertResult, endedAfterS: number | null, nowMs: number): string => {
  const { from_ms: fromMs } = observation;
  if (endedAfterS === 0) return timeOfDayText(fromMs);
  if (endedAfterS !== null) return alertTexts.endedAfter(wholeSecondsText(endedAfterS));
  const sinceS = Math.max(0, (nowMs - fromMs) / 1000);
  return sinceS > longestClockS ? alertTexts.began(timeOfDayText(fromMs)) : clockText(sinceS);
};

export interface AlertRowProps {
  alert: OpenAlert;
  name: string;
  /** By the server's clock. */
  nowMs: number;
  notes: AlertNotes;
  /** @returns false while there is no connection */
  take: (outcome: AlertOutcome | null, note: string | null) => boolean;
}

/** An alert with its duration, image and actions. */
export const AlertRow = ({ alert, name, nowMs, notes, take: send }: AlertRowProps) => {
  const { result, thumbnail, isAcknowledging, endedAfterS } = alert;
  const { alert_id: alertId } = result;
  const draft = notes.drafts.value.get(alertId);
  const hasFailed = useSignal(false);
  const take = (outcome: AlertOutcome | null, note: string | null): void => {
    hasFailed.value = !send(outcome, note);
  };
  const what = observationName(result.observation.type);
  return (
    <li class="alert" data-alert={alertId}>
      <p>
        <strong>{what}</strong>{' '}
        <span class="number soft" translate={false}>
          {durationText(result, endedAfterS, nowMs)}
        </span>
        {result.escalated ? <span class="soft"> · {texts.escalated}</span> : null}
      </p>
      {thumbnail === null ? null : (
        <figure>
          <img src={`data:image/jpeg;base64,${thumbnail}`} alt={proctorTexts.student.thumbnail(name)} />
          <figcaption class="soft small">{alertTexts.imageAt(timeOfDayText(Date.parse(result.raised_at)))}</figcaption>
        </figure>
      )}
      {draft === undefined ? (
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
            onClick={() => notes.write(alertId, '')}
          >
            {alertTexts.note}
          </button>
        </div>
      ) : (
        <NoteForm
          label={alertTexts.noteLabel(what, name)}
          note={draft}
          write={(text) => notes.write(alertId, text)}
          save={(text) => take(null, text)}
          cancel={() => notes.discard(alertId)}
        />
      )}
      {hasFailed.value ? (
        <p role="alert" class="small">
          {alertTexts.notConnected}
        </p>
      ) : null}
    </li>
  );
};
