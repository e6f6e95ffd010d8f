// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest';
import { linkOf, studentOfLink, takeLinkFromAddress } from './personal-link.ts';

beforeEach(() => sessionStorage.clear());

const linkFor = (claims: object): string => `head.${btoa(JSON.stringify(claims))}.signature`;

test('a link is taken out of the address and kept for its exam', () => {
  const token = linkFor({ sub: 'ada', exam_id: 'physics' });
  history.replaceState(null, '', `/?exam=physics#link=${token}`);
  takeLinkFromAddress();
  expect(location.href).toMatch(/\/\?exam=physics$/);
  expect([linkOf('physics'), studentOfLink('physics')]).toEqual([token, 'ada']);
  expect([linkOf('maths'), studentOfLink('maths')]).toEqual([null, null]);
});

test.each([
  ['cut off', 'head.abc'],
  ['not base64', 'head.***.x'],
  ['without an exam', linkFor({ sub: 'ada' })],
  ['with an exam that is no id', linkFor({ sub: 'ada', exam_id: '<b>' })],
])('a link that is %s is removed and not kept', (_what, token) => {
  history.replaceState(null, '', `/?exam=physics#link=${token}`);
  takeLinkFromAddress();
  expect([location.hash, sessionStorage.length]).toEqual(['', 0]);
});

test('an address without a link stays as it is', () => {
  history.replaceState(null, '', '/?exam=physics#content');
  takeLinkFromAddress();
  expect(location.hash).toBe('#content');
});
