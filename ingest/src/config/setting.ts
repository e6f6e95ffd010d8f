import { BlockList, isIP } from 'node:net';
import * as v from 'valibot';
import { redisNodes } from '../redis/redis-nodes.ts';

/** The description of one variable for the configuration page and for startup errors. */
export interface Setting {
  [key: string]: unknown;
  doc: string;
  allowed: string;
  /** Its value is never printed. */
  secret?: boolean;
}

export const text = (doc: string, allowed = 'text', secret = false) =>
  v.pipe(v.string(), v.minLength(1), v.metadata({ doc, allowed, secret }));

export const integer = (doc: string, min: number, max: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,15}$/),
    v.transform(Number),
    v.minValue(min),
    v.maxValue(max),
    v.metadata({ doc, allowed: `${min}–${max}` }),
  );

export const workerCount = (doc: string) =>
  v.pipe(
    v.string(),
    v.transform((value) => (value === 'auto' ? value : /^\d{1,3}$/.test(value) ? Number(value) : null)),
    v.union([v.literal('auto'), v.pipe(v.number(), v.minValue(1), v.maxValue(256))]),
    v.metadata({ doc, allowed: 'auto, 1–256' }),
  );

export const url = (doc: string, protocols: readonly string[], secret = false) =>
  v.pipe(
    v.string(),
    v.check((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol)),
    v.metadata({ doc, allowed: protocols.map((protocol) => `${protocol}//…`).join(', '), secret }),
  );

export const redisUrl = (doc: string) =>
  v.pipe(
    v.string(),
    v.check((value) => redisNodes(value) !== null),
    v.metadata({ doc, allowed: 'redis://…, rediss://…, or several of one kind separated by commas', secret: true }),
  );

/** Keys begin with the prefix, so its parts have the characters of identifiers. */
export const bucket = (doc: string) =>
  v.pipe(
    v.string(),
    v.regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[A-Za-z0-9_~@-][A-Za-z0-9_.~@-]*)*\/?$/),
    v.metadata({
      doc,
      allowed:
        's3://bucket or s3://bucket/prefix; bucket: 3–63 lower-case letters, digits, dots and hyphens; prefix: letters, digits and _ ~ @ - . /',
    }),
  );

export const choice = <const Options extends readonly string[]>(doc: string, options: Options) =>
  v.pipe(v.picklist(options), v.metadata({ doc, allowed: options.join(', ') }));

/** Words joined by dots, with a dot at the end: valid in subjects of NATS and channels of Redis, and free of their wildcards. */
export const subjectPrefix = (doc: string) =>
  v.pipe(
    v.string(),
    v.maxLength(100),
    v.regex(/^([A-Za-z0-9_-]+\.)+$/),
    v.metadata({ doc, allowed: 'words of letters, digits, _ and -, each followed by a dot, such as uni-a.' }),
  );

export const originList = (doc: string) =>
  v.pipe(
    v.string(),
    v.transform((value) => value.split(',').map((item) => item.trim())),
    v.array(
      v.pipe(
        v.string(),
        v.check((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
      ),
    ),
    v.metadata({ doc, allowed: 'origins such as https://exam.example.org' }),
  );

export const textList = (doc: string) =>
  v.pipe(
    v.string(),
    v.transform((value) => value.split(',').map((item) => item.trim())),
    v.array(v.pipe(v.string(), v.minLength(1))),
    v.metadata({ doc, allowed: 'texts, separated by commas' }),
  );

export const addressRanges = (doc: string) =>
  v.pipe(
    v.string(),
    v.transform(blockListOf),
    v.instance(BlockList),
    v.metadata({ doc, allowed: 'addresses and CIDR ranges such as 10.0.0.0/8, 2001:db8::1, separated by commas' }),
  );

/** Null if the list has anything but addresses and CIDR ranges. */
const blockListOf = (ranges: string): BlockList | null => {
  const list = new BlockList();
  for (const range of ranges.split(',').map((item) => item.trim())) {
    const [address = '', prefix, ...rest] = range.split('/');
    const version = isIP(address);
    const most = version === 6 ? 128 : 32;
    const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= most);
    if (version === 0 || !isPrefix || rest.length > 0) return null;
    list.addSubnet(address, Number(prefix ?? most), version === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
};

/** At least 32 characters, because HS256 needs a key of 256 bits (RFC 7518, section 3.2). */
export const signingSecret = (doc: string) =>
  v.pipe(v.string(), v.minLength(32), v.metadata({ doc, allowed: 'at least 32 characters', secret: true }));

export const webhookSecret = (doc: string) =>
  v.pipe(
    v.string(),
    v.transform(webhookKeyOf),
    v.instance(Buffer),
    v.metadata({ doc, allowed: 'whsec_ and the base64 of 24–64 bytes', secret: true }),
  );

const webhookSecretPrefix = 'whsec_';

/** The key in a Standard Webhooks secret: `whsec_` and the base64 of 24–64 bytes. Null for any other text. */
export const webhookKeyOf = (secret: string): Buffer | null => {
  if (!secret.startsWith(webhookSecretPrefix)) return null;
  const encoded = secret.slice(webhookSecretPrefix.length);
  const key = Buffer.from(encoded, 'base64');
  return key.length >= 24 && key.length <= 64 && key.toString('base64') === encoded ? key : null;
};
