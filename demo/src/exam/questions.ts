import { inLanguage } from '../page/language.ts';

export type Question =
  | { id: string; kind: 'choice'; text: string; options: readonly string[] }
  | { id: string; kind: 'text'; text: string; hint: string; rows: number };

export const questions: readonly Question[] = inLanguage<readonly Question[]>({
  en: [
    {
      id: 'river',
      kind: 'choice',
      text: 'Which of these rivers flows through the most countries?',
      options: ['The Danube', 'The Nile', 'The Rhine', 'The Mekong'],
    },
    {
      id: 'population',
      kind: 'choice',
      text: 'A town has 12,000 inhabitants and grows by 5% a year. How many does it have after two years?',
      options: ['13,200', '13,230', '13,500', '14,400'],
    },
    {
      id: 'scale',
      kind: 'text',
      text: 'On a 1:25,000 map, two villages are 14 cm apart. How far apart are they in kilometres?',
      hint: 'A number is enough.',
      rows: 1,
    },
    {
      id: 'meridian',
      kind: 'choice',
      text: 'It is noon in Greenwich. In which of these cities is it about 3 p.m.?',
      options: ['Lisbon', 'Nairobi', 'New York', 'Bangkok'],
    },
    {
      id: 'coast',
      kind: 'text',
      text: 'Why do coasts have milder winters than places far inland?',
      hint: 'Two or three sentences.',
      rows: 5,
    },
  ],
  de: [
    {
      id: 'river',
      kind: 'choice',
      text: 'Welcher dieser Flüsse fließt durch die meisten Länder?',
      options: ['Die Donau', 'Der Nil', 'Der Rhein', 'Der Mekong'],
    },
    {
      id: 'population',
      kind: 'choice',
      text: 'Eine Stadt hat 12 000 Einwohner und wächst um 5 % im Jahr. Wie viele sind es nach zwei Jahren?',
      options: ['13 200', '13 230', '13 500', '14 400'],
    },
    {
      id: 'scale',
      kind: 'text',
      text: 'Auf einer Karte im Maßstab 1\u00A0:\u00A025\u00A0000 liegen zwei Dörfer 14 cm auseinander. Wie viele Kilometer sind das?',
      hint: 'Eine Zahl genügt.',
      rows: 1,
    },
    {
      id: 'meridian',
      kind: 'choice',
      text: 'In Greenwich ist es Mittag. Wo ist es etwa 3 Uhr nachmittags?',
      options: ['Lissabon', 'Nairobi', 'New York', 'Bangkok'],
    },
    {
      id: 'coast',
      kind: 'text',
      text: 'Warum sind die Winter an der Küste milder als weit im Landesinneren?',
      hint: 'Zwei oder drei Sätze.',
      rows: 5,
    },
  ],
  es: [
    {
      id: 'river',
      kind: 'choice',
      text: '¿Cuál de estos ríos pasa por más países?',
      options: ['El Danubio', 'El Nilo', 'El Rin', 'El Mekong'],
    },
    {
      id: 'population',
      kind: 'choice',
      text: 'Una ciudad tiene 12 000 habitantes y crece un 5 % al año. ¿Cuántos tiene después de dos años?',
      options: ['13 200', '13 230', '13 500', '14 400'],
    },
    {
      id: 'scale',
      kind: 'text',
      text: 'En un mapa a escala 1\u00A0:\u00A025\u00A0000 dos pueblos están a 14 cm. ¿A cuántos kilómetros están?',
      hint: 'Basta un número.',
      rows: 1,
    },
    {
      id: 'meridian',
      kind: 'choice',
      text: 'Es mediodía en Greenwich. ¿Dónde son cerca de las 3 de la tarde?',
      options: ['Lisboa', 'Nairobi', 'Nueva York', 'Bangkok'],
    },
    {
      id: 'coast',
      kind: 'text',
      text: '¿Por qué en la costa los inviernos son más suaves que lejos del mar?',
      hint: 'Dos o tres frases.',
      rows: 5,
    },
  ],
});
