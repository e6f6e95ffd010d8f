/** Words become parts of a subject unchanged, but for the dots that ids may hold. */
export const subject = (...words: readonly string[]): string =>
  words.map((word) => word.replaceAll('%', '%25').replaceAll('.', '%2E')).join('.');

/** Whether a subject fits a pattern: `*` is one word, `>` at the end one or more. */
export const isMatch = (pattern: string, candidate: string): boolean => {
  const expected = pattern.split('.');
  const words = candidate.split('.');
  for (const [index, word] of expected.entries()) {
    if (word === '>') return words.length > index;
    if (index >= words.length || (word !== '*' && word !== words[index])) return false;
  }
  return words.length === expected.length;
};
