import { afterEach, expect, test, vi } from 'vitest';
import { MemoryOutboxStore } from '../outbox/memory-outbox-store.ts';
import { Outbox } from '../outbox/outbox.ts';
import { flushOnUnload, unloadFlushMaxBytes } from './unload-flush.ts';

interface Request {
  url: string;
  init: RequestInit & { body: string; headers: Record<string, string> };
}

/** The requests that the page makes while it is closed. */
const watchRequests = (answer: () => Promise<Response> = async () => new Response()): Request[] => {
  const requests: Request[] = [];
  vi.stubGlobal('fetch', (url: string, init: Request['init']) => {
    requests.push({ url, init });
    return answer();
  });
  return requests;
};

const target = { serverUrl: 'https://server', sessionId: 's', token: 'secret' };

const filled = async (frames: number, pose = 'forward'): Promise<Outbox> => {
  const limits = { maxFrames: 10_000, maxBytes: 10_000_000, maxCachedBytes: 1_000_000 };
  const outbox = await Outbox.open(new MemoryOutboxStore(), limits);
  for (let seq = 0; seq < frames; seq += 1) {
    outbox.append({ seq, timestamp: 1000 + seq, head_pose: pose as 'forward' });
  }
  await outbox.flush();
  return outbox;
};

const seqsOf = ({ init }: Request): number[] =>
  (JSON.parse(init.body) as { frames: { seq: number }[] }).frames.map(({ seq }) => seq);

afterEach(() => vi.unstubAllGlobals());

test('sends the pending frames in a request that outlives the page', async () => {
  const requests = watchRequests();
  const outbox = await filled(3);
  await outbox.agree(-1);
  flushOnUnload(outbox, target);
  const [request] = requests;
  expect(request?.url).toBe('https://server/api/v1/session/ws/fallback');
  expect(request?.init).toMatchObject({ method: 'POST', keepalive: true });
  expect(request?.init.headers).toMatchObject({ Authorization: 'Bearer secret' });
  expect(JSON.parse(request?.init.body ?? '')).toMatchObject({ session_id: 's', type: 'batch', leaving: true });
  expect(request === undefined ? [] : seqsOf(request)).toEqual([0, 1, 2]);
});

test('keeps the frames: the page cannot learn whether they arrived', async () => {
  watchRequests(() => Promise.reject(new TypeError('offline')));
  const outbox = await filled(3);
  await outbox.agree(-1);
  flushOnUnload(outbox, target);
  await Promise.resolve();
  expect(outbox.waitingFrames).toBe(3);
});

test('sends nothing without pending frames, or before the server’s welcome', async () => {
  const requests = watchRequests();
  const outbox = await filled(3);
  flushOnUnload(outbox, target);
  await outbox.agree(2, 2);
  outbox.acknowledge(outbox.nextSeq - 1, []);
  flushOnUnload(outbox, target);
  expect(requests).toEqual([]);
});

test('stays below what browsers allow, with the newest frames in order', async () => {
  const requests = watchRequests();
  const outbox = await filled(1000, '前'.repeat(40));
  await outbox.agree(-1);
  flushOnUnload(outbox, target);
  const [request] = requests;
  if (request === undefined) throw new Error('nothing was sent');
  const seqs = seqsOf(request);
  expect(new TextEncoder().encode(request.init.body).length).toBeLessThan(64 * 1024);
  expect(new TextEncoder().encode(request.init.body).length).toBeGreaterThan(unloadFlushMaxBytes * 0.9);
  expect(seqs.at(-1)).toBe(999);
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
});
