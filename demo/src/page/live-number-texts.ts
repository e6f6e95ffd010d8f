import { readingWords } from '@invigil/engine/i18n';
import { pageLanguage } from './language.ts';

export const liveNumberTexts = readingWords[pageLanguage];
