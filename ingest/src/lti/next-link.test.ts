import { expect, test } from 'vitest';
import { nextLink } from './next-link.ts';

const base = 'https://lms.example/api/members';

test.each([
  [
    'among other links',
    '<https://a/1>; rel="first", <https://a/2>; rel="next", <https://a/9>; rel="last"',
    'https://a/2',
  ],
  ['with several relations', '<https://a/2>; rel="last NEXT"', 'https://a/2'],
  ['without quotes', '<https://a/2>;rel=next', 'https://a/2'],
  ['in capitals and with spaces', '<https://a/2> ; REL = "Next"', 'https://a/2'],
  ['after another parameter', '<https://a/2>; type="a/b"; rel=next', 'https://a/2'],
  ['with commas in the address', '<https://a/2?ids=1,2,3>; rel="next"', 'https://a/2?ids=1,2,3'],
  ['relative to the page', '<?page=2>; rel="next"', 'https://lms.example/api/members?page=2'],
  ['the first one of two', '<https://a/2>; rel="next", <https://a/3>; rel="next"', 'https://a/2'],
])('the next page is found %s', (_where, header, url) => expect(nextLink(header, base)).toBe(url));

test.each([
  ['no header', null],
  ['an empty header', ''],
  ['only other relations', '<https://a/1>; rel="prev", <https://a/2>; rel="differences"'],
  ['a relation that contains the word', '<https://a/2>; rel="next-archive"'],
  ['a link without a relation', '<https://a/2>'],
  ['the word as a title', '<https://a/2>; title="next"'],
  ['an address that is none', '<https://[>; rel="next"'],
  ['an address without brackets', 'https://a/2; rel="next"'],
])('with %s there is no next page', (_what, header) => expect(nextLink(header, base)).toBeNull());
