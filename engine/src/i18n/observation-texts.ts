import type { GapReason } from '@invigil/protocol/report';
import type { ObservationType } from '@invigil/protocol/rules';
import type { ViolationType } from '@invigil/protocol/channels';
import type { Language } from './language.ts';
import { observationTextsDe } from './observation-texts-de.ts';
import { observationTextsEn } from './observation-texts-en.ts';
import { observationTextsEs } from './observation-texts-es.ts';

export interface ObservationTexts {
  /** Neutral name of an observation: it states what was measured. */
  names: Record<ObservationType, string>;
  /** Violations that the page itself detected. */
  page: Record<ViolationType, string>;
  /** Why nothing could be observed, as the end of "Not observed: …". */
  reasons: Record<GapReason, string>;
  /** Names of measured numbers; others are shown under their own name. */
  measured: Record<string, string>;
}

export const observationTexts: Record<Language, ObservationTexts> = {
  en: observationTextsEn,
  de: observationTextsDe,
  es: observationTextsEs,
};
