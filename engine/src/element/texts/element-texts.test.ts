import { describe, expect, test } from 'vitest';
import { languages } from '../../i18n/language.ts';
import { elementTexts, filled } from './element-texts.ts';

/** Every text with its path, and its placeholders. */
const placesOf = (texts: object, way = ''): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]: [string, unknown]) =>
      typeof text === 'object' && text !== null
        ? Object.entries(placesOf(text, `${way}${name}.`))
        : [[`${way}${name}`, (String(text).match(/\{\w+\}/g) ?? []).toSorted()]],
    ),
  );

describe('the element’s texts', () => {
  test.each(languages)('in %s have the same placeholders as in English', (language) => {
    expect(placesOf(elementTexts(language))).toEqual(placesOf(elementTexts('en')));
  });

  test.each(languages)('for the bar in %s fit two lines of twelve characters', (language) => {
    const { panel, images, break: pause } = elementTexts(language);
    const inBar = [panel.starting, panel.observed, pause.status, images.sendingShort, ...Object.values(panel.short)];
    const linesOf = (text: string): string[] =>
      text.split(' ').reduce<string[]>((lines, word) => {
        const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
        return longer.length <= 12 ? [...lines.slice(0, -1), longer] : [...lines, word];
      }, []);
    expect(inBar.filter((text) => linesOf(text).length > 2 || linesOf(text).some((line) => line.length > 12))).toEqual(
      [],
    );
  });

  test('are used unless the page has its own', () => {
    const texts = elementTexts('de', { consent: { kept: { text: 'Dreißig Tage.' } }, again: 'Nochmal' });
    expect(texts.consent.kept).toMatchObject({ name: 'Wie lange die Daten aufbewahrt werden', text: 'Dreißig Tage.' });
    expect(texts.again).toBe('Nochmal');
    expect(texts.consent.title).toBe(elementTexts('de').consent.title);
  });

  test('are filled with values, including 0; a placeholder without a value stays visible', () => {
    expect(filled('{count} of {total}', { count: 0 })).toBe('0 of {total}');
  });
});
