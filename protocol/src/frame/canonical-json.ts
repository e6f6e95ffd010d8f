const none: ReadonlySet<string> = new Set();

/** An object's member names in original order, sorted by UTF-16 code units (RFC 8785 §3.2.3), and as JSON text. */
interface MemberOrder {
  names: readonly string[];
  /** These are in `names` only. */
  omitted: ReadonlySet<string>;
  sorted: readonly string[];
  /** `"name":` for each sorted name. */
  prefixes: readonly string[];
}

const orderOf = (names: readonly string[], omitted: ReadonlySet<string>): MemberOrder => {
  const sorted = names.filter((name) => !omitted.has(name)).toSorted((a, b) => (a < b ? -1 : 1));
  return { names, omitted, sorted, prefixes: sorted.map((name) => `${JSON.stringify(name)}:`) };
};

/** A client's frames have the same fields in the same order, and sorting them costs more than writing them: cache one order. */
let lastOrder = orderOf([], none);
/** Objects inside a frame are smaller than this; they must not evict the frame's order from the cache. */
const minCachedNames = 8;

const isLastOrder = (names: readonly string[], omitted: ReadonlySet<string>): boolean => {
  const { names: cached } = lastOrder;
  if (names.length !== cached.length || omitted !== lastOrder.omitted) return false;
  for (let at = 0; at < names.length; at += 1) if (names[at] !== cached[at]) return false;
  return true;
};

const memberOrder = (names: readonly string[], omitted: ReadonlySet<string>): MemberOrder => {
  if (names.length < minCachedNames) return orderOf(names, omitted);
  if (!isLastOrder(names, omitted)) lastOrder = orderOf(names, omitted);
  return lastOrder;
};

const membersOf = (object: Readonly<Record<string, unknown>>, omitted: ReadonlySet<string>): string => {
  const { sorted, prefixes } = memberOrder(Object.keys(object), omitted);
  let text = '';
  for (let at = 0; at < sorted.length; at += 1) {
    const member = object[sorted[at]!];
    if (member === undefined) continue;
    const value = typeof member === 'number' && Number.isFinite(member) ? String(member) : canonicalJson(member);
    text += (text === '' ? '' : ',') + prefixes[at]! + value;
  }
  return `{${text}}`;
};

/**
 * Canonical JSON (RFC 8785) of a value that JSON can represent.
 *
 * @param omitted members of the outermost object to leave out
 * @example
 * canonicalJson({ b: 1, a: [true, null] }); // '{"a":[true,null],"b":1}'
 */
export const canonicalJson = (value: unknown, omitted: ReadonlySet<string> = none): string => {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return membersOf(value as Readonly<Record<string, unknown>>, omitted);
};
