export const LANGUAGES = ['en', 'de', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Texts of one page. English is always there; the others may follow. */
export type Translations<Texts> = { en: Texts } & Partial<Record<Language, Texts>>;

const wanted = (): string[] => navigator.languages.map((tag) => tag.toLowerCase().split('-')[0] ?? '');

/** The texts in the first of the reader's languages that has them, otherwise in English. */
export const inLanguage = <Texts>(translations: Translations<Texts>): Texts => {
  const language = wanted().find((tag): tag is Language => tag in translations) ?? 'en';
  return translations[language] ?? translations.en;
};
