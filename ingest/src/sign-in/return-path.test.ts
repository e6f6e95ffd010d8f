import fc from 'fast-check';
import { expect, test } from 'vitest';
import { returnPathOf } from './return-path.ts';

test.each(['/proctor/', '/review/?exam=a&filter=b', '/report/?session=s&as=staff#replay'])('%s is kept', (path) => {
  expect(returnPathOf(path)).toBe(path);
});

test.each([
  undefined,
  ['/proctor/', '/proctor/'],
  '',
  'proctor',
  'https://evil.example.org/',
  '//evil.example.org/',
  '/\\evil.example.org/',
  '/.//evil.example.org/',
  '/auth/sign-in',
  `/${'x'.repeat(2001)}`,
])('%j becomes the proctor page', (path) => expect(returnPathOf(path)).toBe('/proctor/'));

test('never leaves the server, whatever is asked', () => {
  const piece = fc.constantFrom('/', '\\', '.', '..', 'a', '?', '#', '@', ':', '\t', '\n', 'evil.example.org', '%2f');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const base = 'https://proctor.example.edu';
      expect(new URL(returnPathOf(pieces.join('')), base).origin).toBe(base);
    }),
  );
});
