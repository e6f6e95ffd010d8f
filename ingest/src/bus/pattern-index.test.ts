import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PatternIndex } from './pattern-index.ts';
import { hasWildcard, isMatch } from './subject.ts';

const word = fc.constantFrom('a', 'b', 'ab', '%2E', '');
const pattern = fc
  .tuple(fc.array(fc.oneof(word, fc.constant('*')), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([words, isOpen]) => [...words, ...(isOpen ? ['>'] : [])].join('.'))
  .filter(hasWildcard);
const subject = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('.'));

test('finds exactly the patterns that the subject matches, also after some were removed', () => {
  fc.assert(
    fc.property(fc.uniqueArray(pattern, { maxLength: 12 }), fc.array(subject), fc.nat(), (patterns, subjects, few) => {
      const index = new PatternIndex<string>();
      for (const each of patterns) index.set(each, each);
      const removed = new Set(patterns.slice(0, few % (patterns.length + 1)));
      for (const each of removed) index.delete(each);
      for (const each of subjects) {
        const expected = patterns.filter((own) => !removed.has(own) && isMatch(own, each));
        expect(index.matching(each).toSorted()).toEqual(expected.toSorted());
      }
    }),
  );
});

test('a pattern that is set again has the newer value', () => {
  const index = new PatternIndex<number>();
  index.set('a.*', 1);
  index.set('a.*', 2);
  expect(index.matching('a.b')).toEqual([2]);
  index.clear();
  expect(index.matching('a.b')).toEqual([]);
});
