import { expect, test } from 'vitest';
import { hashOf } from '@invigil/testkit/network/model-network';
import { ManualTimers } from '@invigil/testkit/timers/manual-timers';
import type { SeqRange, ServerSessionMessage } from '@invigil/protocol/channels';
import { MemoryOutboxStore } from '../outbox/memory-outbox-store.ts';
import { Outbox } from '../outbox/outbox.ts';
import { defaultSenderOptions, Sender } from './sender.ts';
import type { ClientMessage } from './transport.ts';

/** A store that outlives the page, so that frames may arrive out of order. */
class DiskStore extends MemoryOutboxStore {
  override readonly kind = 'indexeddb';
}

const ack = (upToSeq: number, seqs: SeqRange[] = []): Extract<ServerSessionMessage, { type: 'ack' }> => ({
  type: 'ack',
  up_to_seq: upToSeq,
  seqs,
  chain: null,
});

const setUp = async (store: MemoryOutboxStore = new DiskStore()) => {
  const timers = new ManualTimers();
  const limits = { maxFrames: 10_000, maxBytes: 10_000_000, maxCachedBytes: 60_000 };
  const outbox = await Outbox.open(store, limits);
  const sender = new Sender(outbox, timers, async (text) => hashOf(text), {
    ...defaultSenderOptions,
    batchFrames: 10,
  });
  const sent: ClientMessage[] = [];
  const transport = { send: (message: ClientMessage): number => sent.push(message) };
  const append = (count: number): void => {
    for (let index = 0; index < count; index += 1) {
      outbox.append({ seq: outbox.nextSeq, timestamp: 1000 + outbox.nextSeq, no_of_face: 1 });
    }
  };
  /** Numbers of the frames in each batch that was sent since the last call. */
  const batches = (): number[][] =>
    sent
      .splice(0)
      .filter(({ type }) => type === 'batch')
      .map(({ frames }) => (frames as { seq: number }[]).map(({ seq }) => seq));
  return { timers, outbox, sender, sent, transport, append, batches };
};

const seqs = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

test('sends nothing before the server has welcomed this client', async () => {
  const { sender, append, sent } = await setUp();
  append(3);
  await sender.pump('all');
  expect(sent).toEqual([]);
});

test('sends a batch of the backlog and one of new frames, and no second one before an answer', async () => {
  const { sender, append, outbox, transport, batches } = await setUp();
  append(25);
  await outbox.flush();
  sender.begin(transport, null);
  append(2);
  await sender.pump('all');
  expect(batches()).toEqual([seqs(25, 26), seqs(0, 9)]);
  append(1);
  await sender.pump('all');
  expect(batches()).toEqual([]);
});

test('continues the backlog oldest first, at most one batch in 100 ms', async () => {
  const { timers, sender, append, outbox, transport, batches } = await setUp();
  append(25);
  await outbox.flush();
  sender.begin(transport, null);
  await sender.pump('all');
  sender.acknowledged(ack(9));
  await timers.advance(99);
  expect(batches()).toEqual([seqs(0, 9)]);
  await timers.advance(1);
  expect(batches()).toEqual([seqs(10, 19)]);
});

test('frames that arrived ahead of the backlog are not sent again', async () => {
  const { timers, sender, append, outbox, transport, batches } = await setUp();
  append(15);
  await outbox.flush();
  sender.begin(transport, null);
  append(1);
  await sender.pump('all');
  batches();
  sender.acknowledged(ack(-1, [[15, 15]]));
  sender.acknowledged(ack(9, []));
  await timers.advance(200);
  expect(batches()).toEqual([seqs(10, 14)]);
  expect(outbox.isWaiting(15)).toBe(false);
});

test('with storage in memory frames arrive in the order of their numbers', async () => {
  const { timers, sender, append, outbox, transport, batches } = await setUp(new MemoryOutboxStore());
  append(15);
  await outbox.flush();
  sender.begin(transport, null);
  append(2);
  await sender.pump('all');
  sender.acknowledged(ack(9));
  await timers.advance(200);
  expect(batches()).toEqual([seqs(0, 9), seqs(10, 16)]);
});

test('respects the bytes that this connection carries, and sends at least one frame', async () => {
  const { timers, sender, append, outbox, transport, batches } = await setUp();
  append(5);
  await outbox.flush();
  const frameBytes = outbox.waitingBytes / 5;
  sender.begin(transport, null, frameBytes * 2 + 2);
  await sender.pump('all');
  expect(batches()).toEqual([[0, 1]]);
  sender.end();
  sender.begin(transport, null, 1);
  await timers.advance(200);
  await sender.pump('all');
  expect(batches()).toEqual([[0]]);
});

test('an acknowledgement is overdue after fifteen seconds, for either lane', async () => {
  const { timers, sender, append, outbox, transport } = await setUp();
  append(1);
  await outbox.flush();
  sender.begin(transport, null);
  expect(sender.isStalled()).toBe(false);
  await sender.pump('all');
  await timers.advance(15_000);
  expect(sender.isStalled()).toBe(false);
  await timers.advance(1);
  expect(sender.isStalled()).toBe(true);
  sender.end();
  expect(sender.isStalled()).toBe(false);
});

test('after a pause everything that was in flight is sent again', async () => {
  const { timers, sender, append, outbox, transport, batches } = await setUp();
  append(3);
  await outbox.flush();
  sender.begin(transport, null);
  await sender.pump('all');
  batches();
  sender.pauseFor(700);
  await timers.advance(699);
  await sender.pump('all');
  expect(batches()).toEqual([]);
  await timers.advance(1);
  await sender.pump('all');
  expect(batches()).toEqual([seqs(0, 2)]);
});

test('a pause that begins while frames are read keeps them here', async () => {
  const { sender, append, outbox, transport, batches } = await setUp();
  append(3);
  await outbox.flush();
  sender.begin(transport, null);
  const pumped = sender.pump('all');
  sender.pauseFor(700);
  await pumped;
  expect(batches()).toEqual([]);
  expect(outbox.waitingFrames).toBe(3);
});

test('a connection that is lost while frames are read gets none of them', async () => {
  const { sender, append, outbox, transport, batches } = await setUp();
  append(3);
  await outbox.flush();
  sender.begin(transport, null);
  const pumped = sender.pump('all');
  sender.end();
  await pumped;
  expect(batches()).toEqual([]);
});

test('reports losses right before the frames around them', async () => {
  const { sender, append, outbox, transport, sent } = await setUp();
  append(12);
  await outbox.flush();
  outbox.reject(3);
  outbox.reject(11);
  sender.begin(transport, null);
  await sender.pump('all');
  expect(sent.map(({ type }) => type)).toEqual(['losses', 'batch']);
  expect(sent[0]).toMatchObject({ ranges: [{ reason: 'rejected', seqs: [3, 3] }] });
});

test('reports losses on their own when no frame is left to send', async () => {
  const { sender, append, outbox, transport, sent } = await setUp();
  append(2);
  await outbox.flush();
  outbox.reject(0);
  outbox.reject(1);
  sender.begin(transport, null);
  expect(sender.isDone).toBe(false);
  await sender.pump('all');
  expect(sent).toMatchObject([{ type: 'losses', ranges: [{ seqs: [0, 1] }] }]);
  sender.acknowledged(ack(1));
  expect(sender.isDone).toBe(true);
});

test('a hurried frame leaves as soon as the batch before it is answered', async () => {
  const { sender, append, transport, batches, timers } = await setUp();
  sender.begin(transport, null);
  append(1);
  await sender.hurry();
  append(1);
  await sender.hurry();
  expect(batches()).toEqual([[0]]);
  sender.acknowledged(ack(0));
  await timers.advance(0);
  expect(batches()).toEqual([[1]]);
});

test('two pumps at once send each frame once', async () => {
  const { sender, append, transport, batches } = await setUp();
  sender.begin(transport, null);
  append(4);
  await Promise.all([sender.pump('all'), sender.pump('all'), sender.pump('backlog')]);
  expect(batches()).toEqual([seqs(0, 3)]);
});

test('a batch is held back once it has waited for five seconds, although newer frames are acknowledged', async () => {
  const { timers, sender, append, outbox, transport } = await setUp();
  append(5);
  await outbox.flush();
  sender.begin(transport, null);
  append(1);
  await sender.pump('all');
  sender.acknowledged(ack(-1, [[5, 5]]));
  await timers.advance(5000);
  expect(sender.isHeldBack).toBe(false);
  await timers.advance(1);
  expect(sender.isHeldBack).toBe(true);
  sender.acknowledged(ack(5));
  expect(sender.isHeldBack).toBe(false);
});
