export const LANGUAGES = ['en', 'de', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The first of these language tags (`de-AT`, `es`, …) that there are texts in; English where there is none. */
export const chooseLanguage = (tags: readonly string[]): Language => {
  for (const tag of tags) {
    const found = LANGUAGES.find((language) => language === tag.toLowerCase().split('-')[0]);
    if (found !== undefined) return found;
  }
  return 'en';
};
