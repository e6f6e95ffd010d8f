import { chooseLanguage } from '../i18n/language.ts';
import type { Language } from '../i18n/language.ts';

/** Frameworks set a property without a value to `undefined`, often before its data has loaded. */
export const setOrRemove = (element: Element, name: string, value: string | null | undefined): void => {
  if (value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value);
};

/** @throws TypeError if the attribute is no URL */
export const modelsUrlOf = (element: Element): { modelsUrl?: string } => {
  const url = element.getAttribute('models-url');
  return url === null ? {} : { modelsUrl: new URL(url, document.baseURI).href };
};

/** The nearest `lang`, also outside of the shadow roots that contain the element; otherwise the browser's languages. */
export const languageOf = (element: Element): Language => {
  const own = element.closest('[lang]')?.getAttribute('lang') ?? null;
  const root = element.getRootNode();
  if (own === null && root instanceof ShadowRoot) return languageOf(root.host);
  return chooseLanguage(own === null || own === '' ? navigator.languages : [own]);
};

/**
 * The consent text mentions thumbnails, so they may be sent if the exam's policy requests them; the page can forbid
 * it.
 */
export const mayPicture = (element: Element, pictures: boolean | undefined): boolean =>
  element.getAttribute('pictures') !== 'never' && pictures !== false;
