import { chooseLanguage } from '@invigil/engine/i18n';
import type { Language } from '@invigil/engine/i18n';
import { tabStorage } from './tab-storage.ts';

/** Texts of one page. English is always present; the other languages are optional. */
export type Translations<Texts> = { en: Texts } & Partial<Record<Language, Texts>>;

const storageKey = 'invigil-language';
/** Some embedded browsers have no list. */
const browserTags = [...((navigator.languages as readonly string[] | undefined) ?? [])].map(String);

/**
 * `?lang=` of this page or of an earlier one in this tab, otherwise the browser's language. A page without translations
 * declares it (`<html data-languages="en">`), so that no part of it appears in a different language.
 */
const readLanguage = (): Language => {
  const asked = new URLSearchParams(location.search).get('lang');
  if (asked !== null) tabStorage.set(storageKey, asked);
  const kept = tabStorage.get(storageKey);
  const wanted = chooseLanguage(kept === null ? browserTags : [kept]);
  const offered = document.documentElement.dataset['languages']?.split(' ') ?? [wanted];
  return offered.includes(wanted) ? wanted : 'en';
};

export const pageLanguage: Language = readLanguage();

/** Whether dates can be formatted for a language tag; some browsers name invalid ones. */
const isLocale = (tag: string): boolean => {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
};

/** For dates and times: the reader's own variety of the page's language, such as `en-GB`, or the language itself. */
export const pageLocale: string =
  browserTags.find((tag) => tag.split('-')[0]?.toLowerCase() === pageLanguage && isLocale(tag)) ?? pageLanguage;

/** The texts in the page's language, or in English if there are none. */
export const inLanguage = <Texts>(translations: Translations<Texts>): Texts =>
  translations[pageLanguage] ?? translations.en;
