import { expect, test } from 'vitest';
import { AlertPictures } from './alert-pictures.ts';

test('keeps what there is room for, the newest', () => {
  const pictures = new AlertPictures(10);
  pictures.keep('a', '1234');
  pictures.keep('b', '1234');
  pictures.keep('b', '12345');
  expect(['a', 'b'].map((id) => pictures.of(id))).toEqual(['1234', '12345']);
  pictures.keep('c', '12');
  expect(['a', 'b', 'c'].map((id) => pictures.of(id))).toEqual([null, '12345', '12']);
  pictures.forget('b');
  pictures.keep('d', '12345678');
  expect(['c', 'd'].map((id) => pictures.of(id))).toEqual(['12', '12345678']);
});
