import css from './element.css?inline';

/** Constructed style sheets need no `unsafe-inline` in the page's content policy. */
let sheet: CSSStyleSheet | null = null;

export const elementSheet = (): CSSStyleSheet => {
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
};
