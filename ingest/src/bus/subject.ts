/** In place of a word when subscribing: matches every word. */
export const anyWord = Symbol('any word');
export type AnyWord = typeof anyWord;

/** Ids may contain dots, which separate words, and the wildcards of the buses below. */
const reserved = /[%.*>]/g;
const encodeWord = (word: string): string =>
  word.replaceAll(reserved, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Fills the `*` of a pattern with words.
 * @example subject('exams.*.all', ['a.b']) // 'exams.a%2Eb.all'
 */
export const subject = (pattern: string, words: readonly (string | AnyWord)[]): string => {
  let next = 0;
  return pattern.replaceAll('*', () => {
    const word = words[next++];
    if (word === undefined) throw new TypeError(`the subject ${pattern} needs more than ${words.length} words`);
    return word === anyWord ? '*' : encodeWord(word);
  });
};

/** Whether a pattern has wildcards: it is otherwise a subject itself. */
export const hasWildcard = (pattern: string): boolean => /[*>]/.test(pattern);

/**
 * Prepares a pattern: `*` is one word, `>` at the end one or more.
 * @returns whether a subject, split at its dots, matches
 */
export const matcherOf = (pattern: string): ((words: readonly string[]) => boolean) => {
  const expected = pattern.split('.');
  return (words) => {
    for (let index = 0; index < expected.length; index += 1) {
      const word = expected[index];
      if (word === '>') return words.length > index;
      if (index >= words.length || (word !== '*' && word !== words[index])) return false;
    }
    return words.length === expected.length;
  };
};

/** Whether a subject matches a pattern. */
export const isMatch = (pattern: string, candidate: string): boolean => matcherOf(pattern)(candidate.split('.'));
