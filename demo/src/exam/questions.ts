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
      text: 'A town has 12,000 inhabitants and grows by 5 % a year. How many has it after two years?',
      options: ['13,200', '13,230', '13,500', '14,400'],
    },
    {
      id: 'scale',
      kind: 'text',
      text: 'On a map of scale 1 : 25,000 two villages are 14 cm apart. How far is it in kilometres?',
      hint: 'A number is enough.',
      rows: 1,
    },
    {
      id: 'meridian',
      kind: 'choice',
      text: 'It is noon in Greenwich. Where is it about 3 in the afternoon?',
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
});
