import { createHash } from 'node:crypto';

/** A value of a Safe Exam Browser configuration. */
export type SebValue = string | number | boolean | readonly SebValue[] | { readonly [key: string]: SebValue };
export type SebSettings = Readonly<Record<string, SebValue>>;

const isDictionary = (value: SebValue): value is SebSettings => typeof value === 'object' && !Array.isArray(value);

/** Independent of the machine's language, and of case. */
const byName = ([one]: [string, SebValue], [other]: [string, SebValue]): number => {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a < b ? -1 : a > b ? 1 : 0;
};

/**
 * The text that the Config Key is a hash of: JSON without white space and without escapes, keys in order, without empty dictionaries
 * and without `originatorVersion`. https://safeexambrowser.org/developer/seb-config-key.html
 */
export const sebJson = (value: SebValue): string => {
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value !== 'object') return String(value);
  if (!isDictionary(value)) return `[${value.map(sebJson).join(',')}]`;
  const entries = Object.entries(value).filter(
    ([key, each]) => key !== 'originatorVersion' && !(isDictionary(each) && Object.keys(each).length === 0),
  );
  return `{${entries
    .toSorted(byName)
    .map(([key, each]) => `"${key}":${sebJson(each)}`)
    .join(',')}}`;
};

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** The Config Key of a configuration: 64 hexadecimal digits. */
export const configKeyOf = (settings: SebSettings): string => sha256(sebJson(settings));

/** What Safe Exam Browser sends instead of a key: a hash of the address, without its fragment, and the key. */
export const keyHash = (url: string, key: string): string => sha256(url.replace(/#.*$/s, '') + key);
