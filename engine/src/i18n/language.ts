export const languages = ['en', 'de', 'es'] as const;
export type Language = (typeof languages)[number];

/**
 * The first of these language tags (`de-AT`, `es`, …) that has texts; English otherwise. Tags come from the browser, which may have
 * none or invalid ones.
 */
export const chooseLanguage = (tags: readonly string[] | undefined): Language => {
  for (const tag of tags ?? []) {
    const found = languages.find((language) => language === String(tag).toLowerCase().split(/[-_]/)[0]);
    if (found !== undefined) return found;
  }
  return 'en';
};
