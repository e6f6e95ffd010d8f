import { expect, test } from 'vitest';
import { chooseLanguage } from './language.ts';

test.each([
  [['de-AT', 'en'], 'de'],
  [['ES'], 'es'],
  [['fr', 'pt-BR', 'es-419'], 'es'],
  [['en-GB', 'de'], 'en'],
  [['fr'], 'en'],
  [[], 'en'],
  [['', '*', 'x-klingon', '-de'], 'en'],
  [['not a language tag', 'de'], 'de'],
  [['de_AT'], 'de'],
  [[null as never, undefined as never, 'es'], 'es'],
  [undefined, 'en'],
])('%j → %s', (tags, language) => {
  expect(chooseLanguage(tags)).toBe(language);
});
