import { clockText, durationText } from '../page/duration-text.ts';
import { observationName } from '../words/observation-words.ts';
import { panelTexts as texts } from './exam-texts.ts';
import type { Noted } from './sitting.ts';

/** What the rules noted, newest first, in the words of the report. */
export const Notes = ({ noted, sinceMs }: { noted: readonly Noted[]; sinceMs: number }) => (
  <>
    {noted.length === 0 ? (
      <p class="soft">{texts.noNotes}</p>
    ) : (
      <ul class="notes">
        {noted.map(({ observation, running }) => (
          <li key={observation.id}>
            <span class="number soft">{clockText((observation.from_ms - sinceMs) / 1000)}</span>
            <span>{observationName(observation.type)}</span>
            <span class="number soft">
              {running ? texts.running : durationText((observation.to_ms - observation.from_ms) / 1000)}
            </span>
          </li>
        ))}
      </ul>
    )}
    <p class="soft small">{texts.explain}</p>
  </>
);
