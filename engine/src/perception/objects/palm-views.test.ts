import { expect, test } from 'vitest';
import { PalmViews } from './palm-views.ts';

const alone = { followsHand: false };

test('after a change both views are searched', () => {
  const views = new PalmViews();
  for (let i = 0; i < 3; i++) expect(views.next({ ...alone, isCalm: false })).toEqual(['whole', 'wide']);
});

test('where nothing has changed, one view at a time', () => {
  const views = new PalmViews();
  const searched = Array.from({ length: 4 }, () => views.next({ ...alone, isCalm: true }));
  expect(searched.flat()).toEqual(['whole', 'wide', 'whole', 'wide']);
  views.reset();
  expect(views.next({ ...alone, isCalm: true })).toEqual(['whole']);
});

test('while a hand is followed, only the whole image', () => {
  for (const isCalm of [true, false]) expect(new PalmViews().next({ followsHand: true, isCalm })).toEqual(['whole']);
});
