import type { GapReason } from '@invigil/protocol/report';
import type { ObservationType } from '@invigil/protocol/rules';
import type { ViolationType } from '@invigil/protocol/channels';
import type { Language } from './language.ts';
import { observationWordsDe } from './observation-words-de.ts';
import { observationWordsEn } from './observation-words-en.ts';
import { observationWordsEs } from './observation-words-es.ts';

export interface ObservationWords {
  /** Name of a lane or a line; neutral, it says what was measured. */
  names: Record<ObservationType, string>;
  /** What the page itself noticed. */
  page: Record<ViolationType, string>;
  /** Why there was nothing to observe, as the end of "Not observed: …". */
  reasons: Record<GapReason, string>;
  /** Names of the measured numbers; others are shown as they are called. */
  measured: Record<string, string>;
}

export const observationWords: Record<Language, ObservationWords> = {
  en: observationWordsEn,
  de: observationWordsDe,
  es: observationWordsEs,
};
