import { clockText, durationText } from '../../i18n/duration-text.ts';
import type { Language } from '../../i18n/language.ts';
import { observationTexts } from '../../i18n/observation-texts.ts';
import { Live } from './live.tsx';
import type { ElementTexts } from '../texts/element-texts.ts';
import type { Noted } from '../session/session-view.ts';

interface NotesProps {
  noted: readonly Noted[];
  sinceMs: number;
  texts: ElementTexts['panel'];
  language: Language;
}

/** The observations, newest first, named as in the report. */
export const Notes = ({ noted, sinceMs, texts, language }: NotesProps) => (
  <>
    {noted.length === 0 ? (
      <p class="soft">{texts.noNotes}</p>
    ) : (
      <ul class="notes">
        {noted.map(({ observation: { id, type, from_ms, to_ms }, running }) => (
          <li key={id}>
            <span class="number soft" translate={false}>
              {clockText((from_ms - sinceMs) / 1000)}
            </span>
            <span>{observationTexts[language].names[type]}</span>
            <Live
              class="number soft"
              text={running ? texts.running : durationText((to_ms - from_ms) / 1000, language)}
            />
          </li>
        ))}
      </ul>
    )}
    <p class="soft small">{texts.explain}</p>
  </>
);
