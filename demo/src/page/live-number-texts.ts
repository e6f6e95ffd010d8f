import { readingWords } from '@invigil/engine/words';
import { pageLanguage } from './language.ts';

export const liveNumberTexts = readingWords[pageLanguage];
