import { describe, expect, test } from 'vitest';
import { languages } from '../../i18n/language.ts';
import { elementTexts, filled } from './element-texts.ts';

/** Every text with the way to it, and the values that it has places for. */
const placesOf = (texts: object, way = ''): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]: [string, unknown]) =>
      typeof text === 'object' && text !== null
        ? Object.entries(placesOf(text, `${way}${name}.`))
        : [[`${way}${name}`, (String(text).match(/\{\w+\}/g) ?? []).toSorted()]],
    ),
  );

describe('the element’s texts', () => {
  test.each(languages)('in %s have places for the same values as in English', (language) => {
    expect(placesOf(elementTexts(language))).toEqual(placesOf(elementTexts('en')));
  });

  test('are kept where the page has no text of its own', () => {
    const texts = elementTexts('de', { consent: { kept: { text: 'Dreißig Tage.' } }, again: 'Nochmal' });
    expect(texts.consent.kept).toEqual({ name: 'Wie lange es aufbewahrt wird', text: 'Dreißig Tage.' });
    expect(texts.again).toBe('Nochmal');
    expect(texts.consent.title).toBe(elementTexts('de').consent.title);
  });

  test('are filled with values, 0 included; a name without a value is left to be seen', () => {
    expect(filled('{count} of {total}', { count: 0 })).toBe('0 of {total}');
  });
});
