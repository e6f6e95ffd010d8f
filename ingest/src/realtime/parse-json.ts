/** Null for what is no JSON; schemas refuse null as they refuse any other wrong shape. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
