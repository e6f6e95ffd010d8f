import type { Features } from '@invigil/protocol/frame';
import type { Language } from '../../i18n/language.ts';
import { readingRows } from '../../i18n/reading-rows.ts';
import { Live } from './live.tsx';
import { readingTexts } from '../../i18n/reading-texts.ts';

/** The measurements, as they are sent. */
export const Numbers = ({ frame, frames, language }: { frame: Features; frames?: number; language: Language }) => (
  <dl class="numbers">
    {[
      ...readingRows(frame, language),
      ...(frames === undefined ? [] : [[readingTexts[language].readings.frames, String(frames)] as const]),
    ].map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd class="number">
          <Live text={value} />
        </dd>
      </div>
    ))}
  </dl>
);
