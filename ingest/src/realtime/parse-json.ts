import { hasNullCharacter } from '../model/null-character.ts';

/** Only this escape can bring the character into JSON. Most messages have none, so most need no second look. */
const nullEscape = String.raw`\u0000`;

/** Null if the text is not valid JSON or contains a null character, even in a text; message schemas then refuse it like any other wrong shape. */
export const parseJson = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return text.includes(nullEscape) && hasNullCharacter(value) ? null : value;
  } catch {
    return null;
  }
};
