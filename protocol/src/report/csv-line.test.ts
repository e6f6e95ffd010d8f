import { expect, test } from 'vitest';
import { csvLine } from './csv-line.ts';

test('quotes where CSV needs it, and leaves unknown values empty', () => {
  expect(csvLine(['plain', 3, null, 'a,b', 'say "hi"', 'two\nlines'])).toBe('plain,3,,"a,b","say ""hi""","two\nlines"');
});

test('no text starts a formula in a spreadsheet', () => {
  expect(csvLine(['=1+1', '+1', '-1', '@a', -1])).toBe("'=1+1,'+1,'-1,'@a,-1");
});
