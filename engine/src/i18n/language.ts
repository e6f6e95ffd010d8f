export const languages = ['en', 'de', 'es'] as const;
export type Language = (typeof languages)[number];

/** The first of these language tags (`de-AT`, `es`, …) that has texts; English otherwise. */
export const chooseLanguage = (tags: readonly string[]): Language => {
  for (const tag of tags) {
    const found = languages.find((language) => language === tag.toLowerCase().split('-')[0]);
    if (found !== undefined) return found;
  }
  return 'en';
};
