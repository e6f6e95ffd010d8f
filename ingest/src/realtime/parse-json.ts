/** Null if the text is not valid JSON; message schemas then refuse it like any other wrong shape. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
