/** Turns valid messages into invalid ones of the kinds that careless parsers mishandle. */
import type { Random } from './random.ts';

/** Above the message limit of every endpoint except that of the thumbnails. */
const overLimitLength = 300_000;

const deep = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth);

/** Marks a string whose text goes into the JSON without quotes: text that JSON.stringify would not write. */
const rawMark = '\u0001raw:';
const raw = (text: string): string => rawMark + text;

const hostileText = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202Eabc',
  '🦊'.repeat(40),
  'a\u0301'.repeat(200),
  '../../etc/passwd',
  '..%2f..%2f',
  'a/b',
  'a:b',
  '*',
  'frames_meta:*',
  'x\r\nSET a b\r\n',
  "'; DROP TABLE sessions; --",
  '" or 1=1 --',
  '{"$ne":null}',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '%00',
  '<script>alert(1)</script>',
  '${7*7}',
  'x'.repeat(129),
  'x'.repeat(20_001),
  '1e400',
  'NaN',
  'null',
  'undefined',
  '2026-13-45T99:99:99Z',
  'https://[::1',
  'http://169.254.169.254/',
];
const hostileNumber = [0, -0, -1, 1, 0.1, 1e-320, 1e308, 2 ** 31, 2 ** 53, 2 ** 53 + 2, -(2 ** 53), 8.65e15];
const rawNumbers = ['1e999', '-1e999', '01', '0x10', '1.', 'NaN', 'Infinity', `1${'0'.repeat(400)}`, '-'];
const hostileValue: unknown[] = [
  null,
  true,
  false,
  [],
  {},
  [[]],
  [null],
  { length: -1 },
  { toString: 1 },
  { toJSON: 1 },
];

const hostile = (random: Random): unknown =>
  random.pick<() => unknown>([
    () => random.pick(hostileText),
    () => random.pick(hostileNumber),
    () => structuredClone(random.pick(hostileValue)),
    () => raw(random.pick(rawNumbers)),
    () => raw(`{"__proto__":{"role":"ADMIN","polluted":true}}`),
    () => raw(`{"constructor":{"prototype":{"polluted":true}}}`),
    () => raw(deep(random.pick([20, 500, 4000]), '[', ']')),
    () => raw(`${'{"a":'.repeat(300)}1${'}'.repeat(300)}`),
    () => Array.from({ length: random.pick([50, 600]) }, () => random.pick(hostileNumber)),
    () => Object.fromEntries(Array.from({ length: random.pick([20, 400]) }, (_, index) => [`k${index}`, index])),
  ])();

/** An object or an array. */
type Holder = Record<string, unknown>;

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null;

/** Every place in the value that can be changed. */
const placesIn = (value: unknown, places: [holder: Holder, key: string][] = []): [Holder, string][] => {
  if (!isHolder(value)) return places;
  for (const key of Object.keys(value)) {
    places.push([value, key]);
    placesIn(value[key], places);
  }
  return places;
};

const changeOne = (random: Random, holder: Holder, key: string): void => {
  const change = random.below(10);
  if (change < 6) holder[key] = hostile(random);
  else if (change < 8 && Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (change < 8) delete holder[key];
  else if (Array.isArray(holder)) holder.push(...Array.from({ length: 20 }, () => structuredClone(holder[0])));
  else holder[random.pick([...hostileText.slice(0, 12), '__proto__', 'constructor', 'type'])] = hostile(random);
};

const toText = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /"\\u0001raw:((?:[^"\\]|\\.)*)"/g,
    (_all, text: string) => JSON.parse(`"${text}"`) as string,
  );

const spoilText = (random: Random, text: string): string => {
  const at = random.below(text.length + 1);
  return random.pick([
    () => text.slice(0, at),
    () => text.slice(at),
    () => `\ufeff${text}`,
    () => text + text,
    () => text.slice(0, at) + random.pick(['"', '{', '}', ',', '\\', '\u0000', '\n', 'é', '\ud83e']) + text.slice(at),
    () => text.replaceAll('"', "'"),
    () => text.toUpperCase(),
    () =>
      random.pick([
        '',
        ' ',
        'null',
        '0',
        '""',
        '[]',
        '{}',
        'true',
        '{',
        deep(5000, '[', ']'),
        deep(20_000, '{"a":', '}'),
      ]),
  ])();
};

/** The text of a valid message, changed at one to three places, sometimes with its JSON syntax broken. */
const mutatedText = (random: Random, valid: object): string => {
  const value = structuredClone(valid);
  const rounds = 1 + random.below(3);
  for (let round = 0; round < rounds; round++) {
    const places = placesIn(value);
    if (places.length > 0) changeOne(random, ...random.pick(places));
  }
  if (random.chance(0.003)) return JSON.stringify({ ...valid, large: 'x'.repeat(overLimitLength) });
  // Some stay valid, so that handlers behind the checks run in unusual orders.
  const text = random.chance(0.1) ? JSON.stringify(valid) : toText(value);
  return random.chance(0.15) ? spoilText(random, text) : text;
};

/** The bytes of a mutated message: sometimes not valid UTF-8. */
export const mutatedBytes = (random: Random, valid: object): Buffer => {
  const bytes = Buffer.from(mutatedText(random, valid));
  const flips = random.chance(0.01) ? 1 + random.below(8) : 0;
  for (let flip = 0; flip < flips && bytes.length > 0; flip++) bytes[random.below(bytes.length)] = random.below(256);
  return bytes;
};

/** Replaces lone surrogates, which encodeURIComponent rejects. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

/** A part of a URL, escaped or not. */
export const mutatedPart = (random: Random, valid: string): string => {
  if (random.chance(0.5)) return valid;
  const part = random.chance(0.5)
    ? random.pick(hostileText)
    : valid.slice(0, random.below(valid.length + 1)) + random.pick(['%', '%2e%2e', ';', '~', '@', '?a=b', '.']);
  // Clients refuse to put these on a request line.
  return random.chance(0.7) ? encodeURIComponent(wellFormed(part)) : part.replaceAll(/[^\x21-\x7e]|#/g, '%ff');
};
