const none: ReadonlySet<string> = new Set();

/** Names that an object does not keep in the order in which they were added, or not as a member of its own. */
const isMisplaced = (name: string): boolean => name === '__proto__' || /^(?:0|[1-9]\d*)$/.test(name);

/** An object's member names in original order, and sorted by UTF-16 code units (RFC 8785 §3.2.3). */
interface MemberOrder {
  names: readonly string[];
  /** These are in `names` only. */
  omitted: ReadonlySet<string>;
  sorted: readonly string[];
  /** Has the sorted members; only their values change. Null if an object cannot have them in this order. */
  reused: Record<string, unknown> | null;
}

/**
 * An object with these members. It is parsed, because V8 turns an object to which more than a dozen computed names are added into a
 * dictionary, and `JSON.stringify` sorts the members of a dictionary each time.
 */
const objectOf = (names: readonly string[]): Record<string, unknown> =>
  JSON.parse(`{${names.map((name) => `${JSON.stringify(name)}:null`).join(',')}}`) as Record<string, unknown>;

const orderOf = (names: readonly string[], omitted: ReadonlySet<string>): MemberOrder => {
  const sorted = names.filter((name) => !omitted.has(name)).toSorted();
  return { names, omitted, sorted, reused: sorted.some(isMisplaced) ? null : objectOf(sorted) };
};

/** A client's frames have the same fields in the same order, and sorting them costs more than writing them: cache one order. */
let lastOrder = orderOf([], none);

const isLastOrder = (names: readonly string[], omitted: ReadonlySet<string>): boolean => {
  const { names: cached } = lastOrder;
  if (names.length !== cached.length || omitted !== lastOrder.omitted) return false;
  for (let at = 0; at < names.length; at += 1) if (names[at] !== cached[at]) return false;
  return true;
};

const memberOrder = (names: readonly string[], omitted: ReadonlySet<string>): MemberOrder => {
  if (!isLastOrder(names, omitted)) lastOrder = orderOf(names, omitted);
  return lastOrder;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const misplaced = Symbol('an object that cannot have its members in order');

/** The value, copied where needed so that `JSON.stringify` writes its members in order. */
const ordered = (value: unknown): unknown => {
  if (!isObject(value)) return value;
  if (Array.isArray(value)) {
    const items = value.map(ordered);
    return items.includes(misplaced) ? misplaced : items;
  }
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value).toSorted()) {
    const member = ordered(value[name]);
    if (member === misplaced || isMisplaced(name)) return misplaced;
    copy[name] = member;
  }
  return copy;
};

/** For objects that cannot have their members in order. */
const write = (value: unknown, omitted: ReadonlySet<string>): string => {
  if (!isObject(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => write(item, none)).join(',')}]`;
  const names = Object.keys(value).filter((name) => value[name] !== undefined && !omitted.has(name));
  const members = names.toSorted().map((name) => `${JSON.stringify(name)}:${write(value[name], none)}`);
  return `{${members.join(',')}}`;
};

/**
 * Canonical JSON (RFC 8785) of a value that JSON can represent.
 *
 * @param omitted members of the outermost object to leave out
 * @example
 * canonicalJson({ b: 1, a: [true, null] }); // '{"a":[true,null],"b":1}'
 */
export const canonicalJson = (value: unknown, omitted: ReadonlySet<string> = none): string => {
  if (!isObject(value) || Array.isArray(value)) return write(value, omitted);
  const { sorted, reused } = memberOrder(Object.keys(value), omitted);
  if (reused === null) return write(value, omitted);
  // Left to JSON.stringify, because V8 caches the text of every number that JavaScript converts: with thirty new numbers a frame, these
  // texts fill the old generation.
  for (const name of sorted) {
    const member = ordered(value[name]);
    if (member === misplaced) return write(value, omitted);
    reused[name] = member;
  }
  return JSON.stringify(reused);
};
