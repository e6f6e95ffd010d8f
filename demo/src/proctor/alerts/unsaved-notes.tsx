import { observationName } from '../../words/observation-words.ts';
import { alertTexts } from '../texts/alert-texts.ts';
import type { AlertNotes } from '../watch/alert-notes.ts';

interface UnsavedNotesProps {
  notes: AlertNotes;
  nameOf: (sessionId: string) => string;
}

/** Notes whose alerts were acknowledged before the notes were saved, so that the user can copy the text. */
export const UnsavedNotes = ({ notes, nameOf }: UnsavedNotesProps) => (
  <>
    {notes.unsaved.value.map(({ alert: { alertId, sessionId, by, result }, text }) => {
      const [what, name] = [observationName(result.observation.type), nameOf(sessionId)];
      return (
        <li key={alertId} class="alert-group" data-testid="unsaved-note">
          <div class="write">
            <p role="alert">{alertTexts.noteNotSaved(by, what, name)}</p>
            <textarea rows={2} readOnly aria-label={alertTexts.noteLabel(what, name)} value={text} />
            <div>
              <button type="button" class="button quiet small" onClick={() => notes.discard(alertId)}>
                {alertTexts.discardNote}
              </button>
            </div>
          </div>
        </li>
      );
    })}
  </>
);
