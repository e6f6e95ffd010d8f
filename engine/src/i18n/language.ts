export const languages = ['en', 'de', 'es'] as const;
export type Language = (typeof languages)[number];

/** The first of these language tags (`de-AT`, `es`, …) that there are texts in; English where there is none. */
export const chooseLanguage = (tags: readonly string[]): Language => {
  for (const tag of tags) {
    const found = languages.find((language) => language === tag.toLowerCase().split('-')[0]);
    if (found !== undefined) return found;
  }
  return 'en';
};
