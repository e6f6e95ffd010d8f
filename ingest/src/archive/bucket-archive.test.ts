import { createServer, request } from 'node:http';
import type { ClientRequest, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { bucketPageKeys, startBucket } from '@invigil/testkit/services/bucket-service';
import type { BucketService } from '@invigil/testkit/services/bucket-service';
import { freePort } from '@invigil/testkit/services/free-port';
import { archiveContract, block } from '../../test/archive-contract.ts';
import { checkBucket } from '../commands/doctor/service-checks.ts';
import { BucketArchive } from './bucket-archive.ts';
import { BucketClient, bucketUrl } from './bucket-client.ts';
import type { BucketConfig } from './bucket-client.ts';

let bucket: BucketService;
beforeAll(async () => {
  bucket = await startBucket();
});
afterAll(() => bucket.remove());

const configOf = (prefix: string, endpoint = bucket.endpoint): BucketConfig => ({
  name: bucket.name,
  prefix,
  endpoint,
  region: 'us-east-1',
  accessKeyId: bucket.accessKeyId,
  secretAccessKey: bucket.secretAccessKey,
});
const open = (prefix: string, endpoint = bucket.endpoint, timeoutMs = 20_000): BucketArchive =>
  new BucketArchive(new BucketClient(configOf(prefix, endpoint), timeoutMs), prefix);
const unavailable = { reason: 'archive_unavailable' };

const keys = async (prefix: string): Promise<string[]> =>
  (await new BucketClient(configOf('')).list({ prefix })).keys.map((key) => key.slice(prefix.length));

let archive: BucketArchive;
let prefix = '';
beforeEach(async ({ task }) => {
  prefix = `exams/${task.id}/`;
  archive = open(prefix);
});

archiveContract(async () => open('contract/'));

test('replicas that write at once agree on one block', async () => {
  const replicas = Array.from({ length: 6 }, () => open(prefix));
  const stored = await Promise.all(
    replicas.map((replica, at) => replica.put('ada', block(0, at + 1), Buffer.from(String(at + 1)))),
  );
  const kept = await archive.list('ada');
  expect(kept).toHaveLength(1);
  expect(stored).toEqual(replicas.map(() => kept[0]));
  expect(String(await archive.read('ada', kept[0]!))).toBe(String(kept[0]?.to.links));
  expect(await keys(prefix)).toEqual(['ada/one-0-0.block']);
});

test('accepts every valid id and rejects others', async () => {
  const ids = ['-', 'A.b~c@d_e-f', 'a', 'a-b', 'a.b', 'a0', 'a@b', 'x'.repeat(128), '~'];
  for (const id of ids) await archive.put(id, block(0, 1), Buffer.from(id));
  for (const id of ids) {
    expect(await archive.list(id)).toEqual([block(0, 1)]);
    expect(String(await archive.read(id, block(0, 1)))).toBe(id);
  }
  const found: string[] = [];
  for (let page = await archive.sessions('', 2); page.length > 0; page = await archive.sessions(found.at(-1)!, 2)) {
    found.push(...page);
  }
  expect(found.toSorted()).toEqual(ids.toSorted());
  for (const id of ids) await archive.clear(id);
  expect(await keys(prefix)).toEqual([]);
  for (const id of ['../ada', '.', '', 'a/b']) {
    await expect(archive.put(id, block(0, 1), Buffer.from('x'))).rejects.toMatchObject(unavailable);
  }
});

test('lists and removes blocks across several pages, and leaves other objects alone', async () => {
  const client = new BucketClient(configOf(''));
  const content = Buffer.from(`${JSON.stringify(block(0, 1))}\n`);
  const count = 2 * bucketPageKeys + 10;
  const names = Array.from({ length: count }, (_, at) => `${prefix}ada/one-${at}-0.block`);
  await Promise.all(names.map((key) => client.create(key, content)));
  await client.create(`${prefix}ada/a & b <notes>.txt`, Buffer.from('x'));
  expect(await archive.list('ada')).toHaveLength(count);
  await archive.clear('ada');
  expect(await keys(prefix)).toEqual(['ada/a & b <notes>.txt']);
});

test('reads a description longer than a page', async () => {
  const info = { ...block(0, 5), seqs: Array.from({ length: 600 }, (_, at): [number, number] => [at * 2, at * 2]) };
  await archive.put('ada', info, Buffer.from('a'));
  expect(await archive.list('ada')).toEqual([info]);
  expect(String(await archive.read('ada', info))).toBe('a');
});

test('one generation’s name may begin with another’s', async () => {
  for (const generation of ['a1', 'a10']) await archive.put('ada', block(0, 1, generation), Buffer.from('x'));
  await archive.clear('ada', 'a1');
  expect(await archive.list('ada')).toEqual([block(0, 1, 'a10')]);
});

test('reports objects that are damaged or gone', async () => {
  await new BucketClient(configOf('')).create(`${prefix}ada/one-0-0.block`, Buffer.from('{"generation"'));
  await expect(archive.list('ada')).rejects.toMatchObject(unavailable);
  await expect(archive.read('bob', block(0, 1))).rejects.toMatchObject(unavailable);
});

test('while the server is gone or silent, nothing is lost', async () => {
  await archive.put('ada', block(0, 5), Buffer.from('a'));
  const impatient = open(prefix, bucket.endpoint, 300);
  bucket.gateway.pause();
  await expect(impatient.list('ada')).rejects.toMatchObject({ ...unavailable, cause: { name: 'TimeoutError' } });
  await expect(impatient.put('ada', block(5, 9), Buffer.from('b'))).rejects.toMatchObject(unavailable);
  bucket.gateway.resume();
  await bucket.gateway.stop();
  await expect(archive.put('ada', block(5, 9), Buffer.from('b'))).rejects.toMatchObject(unavailable);
  await expect(archive.sessions('', 1)).rejects.toMatchObject(unavailable);
  await bucket.gateway.start();
  await archive.put('ada', block(5, 9), Buffer.from('b'));
  expect((await archive.list('ada')).toSorted((a, b) => a.from.links - b.from.links)).toEqual([
    block(0, 5),
    block(5, 9),
  ]);
});

/** Stands between archive and bucket. */
let proxy: Server | null = null;
afterEach(() => {
  proxy?.closeAllConnections();
  proxy?.close();
  proxy = null;
});

interface Passing {
  incoming: IncomingMessage;
  upstream: ClientRequest;
  answer: ServerResponse;
}

/** Passes requests on, unless `intercept` takes care of one itself. */
const startProxy = async (intercept: (passing: Passing) => boolean): Promise<string> => {
  const { port } = new URL(bucket.endpoint);
  proxy = createServer((incoming, answer) => {
    const { method, url: path, headers } = incoming;
    const upstream = request({ port, method, path, headers, agent: false });
    upstream.on('error', () => answer.destroy());
    if (intercept({ incoming, upstream, answer })) return;
    upstream.on('response', (got) => got.pipe(answer.writeHead(got.statusCode ?? 500, got.headers)));
    incoming.pipe(upstream);
  });
  await new Promise<void>((resolve) => proxy?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
};

const isBlock = ({ method, url = '' }: IncomingMessage): boolean => method === 'PUT' && url.endsWith('.block');

test('an upload that breaks off leaves no block, and can be repeated', async () => {
  let cuts = 0;
  const endpoint = await startProxy(({ incoming, upstream, answer }) => {
    if (!isBlock(incoming) || cuts === 2) return false;
    cuts += 1;
    incoming.once('data', (chunk: Buffer) => {
      upstream.write(chunk.subarray(0, 1000), () => {
        upstream.destroy();
        answer.destroy();
      });
    });
    return true;
  });
  const body = Buffer.alloc(50_000, 7);
  const cut = open(prefix, endpoint);
  await expect(cut.put('ada', block(0, 5), body)).rejects.toMatchObject(unavailable);
  expect(cuts).toBe(2);
  expect(await archive.list('ada')).toEqual([]);
  expect(await cut.put('ada', block(0, 5), body)).toEqual(block(0, 5));
  expect(await archive.read('ada', block(0, 5))).toEqual(body);
});

test('an upload that is damaged on its way is refused', async () => {
  const endpoint = await startProxy(({ incoming, upstream, answer }) => {
    if (!isBlock(incoming)) return false;
    upstream.on('response', (got) => got.pipe(answer.writeHead(got.statusCode ?? 500)));
    incoming.on('data', (chunk: Buffer) => upstream.write(chunk.map((byte) => byte ^ 1)));
    incoming.on('end', () => upstream.end());
    return true;
  });
  await expect(open(prefix, endpoint).put('ada', block(0, 5), Buffer.from('a'))).rejects.toMatchObject(unavailable);
  expect(await keys(prefix)).toEqual([]);
});

test('a block whose answer was lost is stored once', async () => {
  let lost = 0;
  const endpoint = await startProxy(({ incoming, upstream, answer }) => {
    if (!isBlock(incoming) || lost === 1) return false;
    lost += 1;
    upstream.on('response', () => answer.destroy());
    incoming.pipe(upstream);
    return true;
  });
  expect(await open(prefix, endpoint).put('ada', block(0, 5), Buffer.from('a'))).toEqual(block(0, 5));
  expect(lost).toBe(1);
  expect(await keys(prefix)).toEqual(['ada/one-0-0.block']);
});

test('a page in place of a list does not pass for an empty one', async () => {
  const endpoint = await startProxy(({ upstream, answer }) => {
    upstream.destroy();
    answer.end('<html>Sign in to use this network</html>');
    return true;
  });
  await expect(open(prefix, endpoint).list('ada')).rejects.toMatchObject(unavailable);
});

test('an upload that conflicts with another one is repeated', async () => {
  let conflicts = 0;
  const endpoint = await startProxy(({ incoming, upstream, answer }) => {
    if (!isBlock(incoming) || conflicts === 2) return false;
    conflicts += 1;
    incoming.resume().on('end', () => answer.writeHead(409).end(() => upstream.destroy()));
    return true;
  });
  expect(await open(prefix, endpoint).put('ada', block(0, 5), Buffer.from('a'))).toEqual(block(0, 5));
  expect(conflicts).toBe(2);
});

test.each([
  ['list', (url: string) => url.includes('list-type')],
  ['read', (url: string) => !url.includes('list-type')],
] as const)('stores nothing with a key that may not %s', async (_what, isDenied) => {
  const endpoint = await startProxy(({ incoming, upstream, answer }) => {
    if (incoming.method !== 'GET' || !isDenied(incoming.url ?? '')) return false;
    answer.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>', () => upstream.destroy());
    return true;
  });
  await expect(open(prefix, endpoint).put('ada', block(0, 5), Buffer.from('a'))).rejects.toMatchObject(unavailable);
  expect(await keys(prefix)).toEqual([]);
  expect((await checkBucket(configOf(prefix, endpoint))).findings[0]?.problem).toContain('AccessDenied');
});

test('stores nothing in a bucket that would replace blocks', async () => {
  const endpoint = await startProxy(({ incoming, upstream, answer }) => {
    incoming.pipe(upstream);
    upstream.on('response', (got) => {
      got.resume();
      got.on('end', () => answer.writeHead(got.statusCode === 412 ? 200 : (got.statusCode ?? 500)).end());
    });
    return true;
  });
  const message = 'the frame archive cannot be used: the bucket does not support conditional writes (If-None-Match)';
  await expect(open(prefix, endpoint).put('ada', block(0, 5), Buffer.from('a'))).rejects.toMatchObject({
    ...unavailable,
    message,
  });
  expect(await keys(prefix)).toEqual([]);
  expect(await checkBucket(configOf(prefix, endpoint))).toMatchObject({
    findings: [{ level: 'error', subject: 'FRAME_ARCHIVE_BUCKET', problem: expect.stringContaining(message) }],
  });
});

test('doctor states why a bucket cannot be used', async () => {
  const problemOf = async (changes: Partial<BucketConfig>): Promise<string | undefined> =>
    (await checkBucket({ ...configOf(prefix), ...changes })).findings[0]?.problem;
  const { host } = new URL(bucket.endpoint);
  expect(await problemOf({})).toBeUndefined();
  expect(await problemOf({ secretAccessKey: 'wrong' })).toBe(`cannot use ${host}: SignatureDoesNotMatch`);
  expect(await problemOf({ name: 'missing' })).toBe(`cannot use ${host}: NoSuchBucket`);
  expect(await problemOf({ endpoint: `http://127.0.0.1:${await freePort()}` })).toMatch(
    /^cannot use .*: ECONNREFUSED$/,
  );
  expect(await keys(prefix)).toEqual([]);
});

test('addresses buckets of Amazon by host, unless a certificate cannot cover it, and of other servers by path', () => {
  const urlOf = (name: string, endpoint: string | null): string => bucketUrl({ ...configOf(''), name, endpoint });
  expect(urlOf('frames', null)).toBe('https://frames.s3.us-east-1.amazonaws.com');
  expect(urlOf('a.b', null)).toBe('https://s3.us-east-1.amazonaws.com/a.b');
  expect(urlOf('frames', 'https://s3.example.org/')).toBe('https://s3.example.org/frames');
});
