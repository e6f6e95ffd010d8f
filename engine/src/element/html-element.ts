/** `HTMLElement`, or a stand-in where there is no DOM: then the element can be imported (server-side rendering), not used. */
export const HtmlElement: typeof HTMLElement =
  (globalThis as { HTMLElement?: typeof HTMLElement }).HTMLElement ?? (Object as unknown as typeof HTMLElement);
