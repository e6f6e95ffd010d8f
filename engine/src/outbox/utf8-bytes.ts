const encoder = new TextEncoder();

/** The size of a text on the wire; `length` counts UTF-16 units. */
export const utf8Bytes = (text: string): number => encoder.encode(text).length;
