import { expect, test } from 'vitest';
import { proctorFailures } from '../errors/proctor-error.ts';
import { calibrationTexts } from '../calibration/calibration-texts.ts';
import { failureTexts } from './failure-texts.ts';
import { languages } from './language.ts';
import type { Language } from './language.ts';
import { observationTexts } from './observation-texts.ts';
import { readingTexts } from './reading-texts.ts';

/** Every text with the path to it. */
const leaves = (texts: object, way = ''): [way: string, text: string][] =>
  Object.entries(texts).flatMap(([name, text]: [string, unknown]) =>
    typeof text === 'object' && text !== null
      ? leaves(text, `${way}${name}.`)
      : [[`${way}${name}`, String(text)] as [string, string]],
  );

const tables: Record<string, Record<Language, object>> = {
  failures: failureTexts,
  observations: observationTexts,
  readings: readingTexts,
  calibration: calibrationTexts,
};

const cases = Object.keys(tables).flatMap((table) => languages.map((language) => [table, language] as const));

test.each(cases)('%s have the same texts in %s as in English, and none is empty', (table, language) => {
  const [english, own] = [leaves(tables[table]!.en), leaves(tables[table]![language])];
  expect(own.map(([way]) => way).toSorted()).toEqual(english.map(([way]) => way).toSorted());
  expect(own.filter(([, text]) => text.trim() === '')).toEqual([]);
});

test.each(cases)('%s in %s have places for the same values as in English', (table, language) => {
  const places = (texts: object): Record<string, string[]> =>
    Object.fromEntries(leaves(texts).map(([way, text]) => [way, text.match(/\{\w+\}/g) ?? []]));
  expect(places(tables[table]![language])).toEqual(places(tables[table]!.en));
});

test.each(languages)('every failure has its own sentence in %s', (language) => {
  const texts = failureTexts[language];
  expect(Object.keys(texts).toSorted()).toEqual([...proctorFailures].toSorted());
  expect(new Set(Object.values(texts)).size).toBe(proctorFailures.length);
  for (const text of Object.values(texts)) expect(text).toMatch(/[.!]$/);
});

test.each(languages)('nothing is called cheating in %s', (language) => {
  const all = Object.values(tables).flatMap((table) => leaves(table[language]));
  expect(all.filter(([, text]) => /cheat|fraud|betrug|täusch|tramp|fraude|copiar en/i.test(text))).toEqual([]);
});

test.each(['de', 'es'] as const)('the sentences in %s are translated', (language) => {
  const english = new Map(Object.values(tables).flatMap((table) => leaves(table.en)));
  const same = Object.values(tables)
    .flatMap((table) => leaves(table[language]))
    .filter(([way, text]) => text.includes(' ') && english.get(way) === text);
  expect(same).toEqual([]);
});
