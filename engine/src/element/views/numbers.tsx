import type { Features } from '@invigil/protocol/frame';
import type { Language } from '../../i18n/language.ts';
import { numberText } from '../../i18n/number-text.ts';
import { readingRows } from '../../i18n/reading-rows.ts';
import { Live } from './live.tsx';
import { readingTexts } from '../../i18n/reading-texts.ts';

/** Directions and other words are translated with the page; numbers and their units are not. */
const hasWords = (value: string): boolean => /\p{L}{3}/u.test(value);

/** The measurements, as they are sent. */
export const Numbers = ({ frame, frames, language }: { frame: Features; frames?: number; language: Language }) => (
  <dl class="numbers">
    {[
      ...readingRows(frame, language),
      ...(frames === undefined
        ? []
        : [[readingTexts[language].readings.frames, numberText(frames, language)] as const]),
    ].map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd class="number" {...(hasWords(value) ? {} : { translate: false })}>
          <Live text={value} />
        </dd>
      </div>
    ))}
  </dl>
);
