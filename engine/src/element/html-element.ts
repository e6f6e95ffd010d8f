/** `HTMLElement`, or a stand-in where there is no DOM: server-side rendering can import the element, but not use it. */
export const HtmlElement: typeof HTMLElement =
  (globalThis as { HTMLElement?: typeof HTMLElement }).HTMLElement ?? (Object as unknown as typeof HTMLElement);
