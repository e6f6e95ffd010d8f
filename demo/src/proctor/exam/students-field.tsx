import type { Signal } from '@preact/signals';
import { proctorTexts } from '../texts/proctor-texts.ts';

const texts = proctorTexts.create;

/** Students, one per line. */
export const StudentsField = ({ lines, id }: { lines: Signal<string>; id: string }) => (
  <div class="field">
    <label for={id}>{texts.students}</label>
    <span class="hint" id={`${id}-hint`}>
      {texts.studentsHint}
    </span>
    <textarea
      id={id}
      rows={4}
      spellcheck={false}
      aria-describedby={`${id}-hint`}
      value={lines.value}
      onInput={(event) => (lines.value = event.currentTarget.value)}
    />
  </div>
);
