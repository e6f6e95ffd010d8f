import { observationTexts as wordsByLanguage } from '@invigil/engine/i18n';
import type { ObservationType } from '@invigil/protocol/rules';
import { pageLanguage } from '../page/language.ts';

export const observationWords = wordsByLanguage[pageLanguage];

export const observationName = (type: ObservationType): string => observationWords.names[type];

/** A lane's or number's name; one without a text is shown under its own name. */
export const measuredName = (name: string): string => observationWords.measured[name] ?? name.replaceAll('_', ' ');
