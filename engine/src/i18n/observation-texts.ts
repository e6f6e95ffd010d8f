import type { GapReason } from '@invigil/protocol/report';
import type { ObservationType } from '@invigil/protocol/rules';
import type { ViolationType } from '@invigil/protocol/channels';
import type { Language } from './language.ts';
import { observationTextsDe } from './observation-texts-de.ts';
import { observationTextsEn } from './observation-texts-en.ts';
import { observationTextsEs } from './observation-texts-es.ts';

export interface ObservationTexts {
  /** Name of a lane or a line; neutral, it says what was measured. */
  names: Record<ObservationType, string>;
  /** What the page itself noticed. */
  page: Record<ViolationType, string>;
  /** Why there was nothing to observe, as the end of "Not observed: …". */
  reasons: Record<GapReason, string>;
  /** Names of the measured numbers; others are shown as they are called. */
  measured: Record<string, string>;
}

export const observationTexts: Record<Language, ObservationTexts> = {
  en: observationTextsEn,
  de: observationTextsDe,
  es: observationTextsEs,
};
