import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { AwsClient } from 'aws4fetch';

/** Location and credentials of a bucket. */
export interface BucketConfig {
  name: string;
  /** In front of every key: empty, or with a slash at the end. */
  prefix: string;
  /** Null: Amazon S3. */
  endpoint: string | null;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** The status of an answer that was not expected, with the code that S3 gives as its reason. */
class BucketError extends Error {
  override readonly name = 'BucketError';
  readonly code: string | null;

  constructor(status: number, code: string | null) {
    super(`status ${status}${code === null ? '' : `, ${code}`}`);
    this.code = code;
  }
}

export interface KeyPage {
  keys: string[];
  /** Common prefixes of keys, up to and including the delimiter. */
  prefixes: string[];
  /** Continues the list; null at its end. */
  next: string | null;
}

export interface KeyQuery {
  prefix: string;
  delimiter?: string;
  startAfter?: string;
  limit?: number;
  /** `next` of the page before. */
  continuation?: string | null;
}

/** Servers other than Amazon's often have no host name for each bucket, and a certificate for `*.s3…` covers no bucket with a dot. */
export const bucketUrl = ({ name, endpoint, region }: BucketConfig): string => {
  if (endpoint !== null) return `${endpoint.replace(/\/$/, '')}/${name}`;
  const host = `s3.${region}.amazonaws.com`;
  return name.includes('.') ? `https://${host}/${name}` : `https://${name}.${host}`;
};

const retries = 2;
/** Another conditional write of the key was under way, and may have failed. */
const conflict = 409;
const afterConflictMs = 100;
const defaultTimeoutMs = 10_000;

/** The few requests of the S3 API that the archive needs. Each resolves only if it succeeded, and can be repeated. */
export class BucketClient {
  readonly #config: BucketConfig;
  readonly #url: string;
  readonly #timeoutMs: number;
  #aws: Promise<AwsClient> | null = null;

  constructor(config: BucketConfig, timeoutMs = defaultTimeoutMs) {
    this.#config = config;
    this.#url = bucketUrl(config);
    this.#timeoutMs = timeoutMs;
  }

  /** @returns false if the key exists; it stays as it is */
  async create(key: string, content: Buffer): Promise<boolean> {
    const headers = {
      'content-type': 'application/octet-stream',
      'if-none-match': '*',
      // Without the hash, the server could not detect a damaged transfer.
      'x-amz-content-sha256': createHash('sha256').update(content).digest('hex'),
    };
    const request = { method: 'PUT', headers, body: new Uint8Array(content) };
    for (let conflicts = 0; ; conflicts += 1) {
      const { status } = await this.#request(key, request, conflicts < retries ? [200, 412, conflict] : [200, 412]);
      if (status !== conflict) return status === 200;
      await delay(afterConflictMs);
    }
  }

  /** The content of a key, or only its first bytes. */
  async read(key: string, firstBytes?: number): Promise<Buffer> {
    const headers = firstBytes === undefined ? {} : { range: `bytes=0-${firstBytes - 1}` };
    const { content } = await this.#request(key, { headers }, firstBytes === undefined ? [200] : [200, 206]);
    return content;
  }

  async remove(key: string): Promise<void> {
    await this.#request(key, { method: 'DELETE' }, [200, 204, 404]);
  }

  /** Keys in the order of their bytes. */
  async list({ prefix, delimiter, startAfter, limit = 1000, continuation }: KeyQuery): Promise<KeyPage> {
    const query = new URLSearchParams({ 'list-type': '2', prefix, 'max-keys': String(limit) });
    if (delimiter !== undefined) query.set('delimiter', delimiter);
    if (startAfter !== undefined) query.set('start-after', startAfter);
    if (continuation != null) query.set('continuation-token', continuation);
    const { content } = await this.#request(`?${query.toString()}`, {}, [200]);
    const answer = content.toString('utf8');
    return {
      keys: textsOf(answer, 'Key'),
      prefixes: [...answer.matchAll(/<CommonPrefixes>(.*?)<\/CommonPrefixes>/gs)].flatMap(([, part = '']) =>
        textsOf(part, 'Prefix'),
      ),
      next: nextOf(answer),
    };
  }

  async #request(
    path: string,
    request: RequestInit,
    expected: readonly number[],
  ): Promise<{ status: number; content: Buffer }> {
    this.#aws ??= this.#connect();
    const aws = await this.#aws;
    const signal = AbortSignal.timeout(this.#timeoutMs);
    const send = (): Promise<Response> => aws.fetch(`${this.#url}/${path}`, { ...request, redirect: 'manual', signal });
    // The server may have closed a connection that was idle.
    const response = await send().catch(send);
    const content = Buffer.from(await response.arrayBuffer());
    if (expected.includes(response.status)) return { status: response.status, content };
    throw new BucketError(response.status, textsOf(content.toString('utf8'), 'Code')[0] ?? null);
  }

  /** Servers without a bucket need not load the library. */
  async #connect(): Promise<AwsClient> {
    const { AwsClient } = await import('aws4fetch');
    const { accessKeyId, secretAccessKey, region } = this.#config;
    return new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries });
  }
}

/** An answer that is no list, such as a proxy's page, must not pass for an empty one. */
const nextOf = (answer: string): string | null => {
  const [isTruncated] = textsOf(answer, 'IsTruncated');
  if (isTruncated === 'false') return null;
  const [next] = textsOf(answer, 'NextContinuationToken');
  if (isTruncated !== 'true' || next === undefined) throw new Error('the answer is not a list of keys');
  return next;
};

/** The texts of all elements of a name. S3's answers have no attributes, comments or CDATA sections there. */
const textsOf = (xml: string, element: string): string[] =>
  [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, text = '']) => unescaped(text));

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescaped = (text: string): string =>
  text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name = '') => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return entities[name as string] ?? whole;
  });
