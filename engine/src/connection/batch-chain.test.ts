import { createHash } from 'node:crypto';
import { linkText } from '@invigil/protocol/frame';
import { expect, test } from 'vitest';
import type { ClientFrame } from '../outbox/client-frame.ts';
import { BatchChain } from './batch-chain.ts';
import { sha256 } from './sha256.ts';

const frame = (seq: number): ClientFrame => ({ seq, timestamp: 1000 + seq, no_of_face: 1 });
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const link = (head: string, frames: readonly ClientFrame[]): string => hashOf(linkText(head, frames));

const begun = (head: string | null = 'head'): BatchChain => {
  const chain = new BatchChain(sha256);
  chain.begin(head);
  return chain;
};

test('predicts each head from the one before', async () => {
  const chain = begun();
  const first = link('head', [frame(0)]);
  expect(await chain.extend([frame(0)])).toBe(first);
  expect(await chain.extend([frame(1), frame(2)])).toBe(link(first, [frame(1), frame(2)]));
});

test('reports the server’s head, not its own prediction', async () => {
  const chain = begun('server');
  await chain.extend([frame(0)]);
  expect(chain.head).toBe('server');
  chain.acknowledged('next', true);
  expect(chain.head).toBe('next');
});

test('predicts nothing where the server has no chain', async () => {
  expect(await begun(null).extend([frame(0)])).toBeNull();
});

test('predicts nothing in a page without digests, and from then on either', async () => {
  const chain = new BatchChain(async () => null);
  chain.begin('head');
  expect(await chain.extend([frame(0)])).toBeNull();
  expect(await chain.extend([frame(1)])).toBeNull();
});

test('takes up a head that differs from the prediction once nothing is in flight', async () => {
  const chain = begun();
  const predicted = await chain.extend([frame(0)]);
  chain.acknowledged('other', false);
  // A batch is still in flight, so the prediction continues.
  expect(await chain.extend([frame(1)])).toBe(link(predicted ?? '', [frame(1)]));
  chain.acknowledged('other', true);
  expect(await chain.extend([frame(2)])).toBe(link('other', [frame(2)]));
});

test('begins again from the server’s head after an interruption', async () => {
  const chain = begun('server');
  await chain.extend([frame(0)]);
  chain.interrupted();
  expect(await chain.extend([frame(0)])).toBe(link('server', [frame(0)]));
});

test('gives up a prediction that an acknowledgement overtook', async () => {
  let finish = (_digest: string): void => undefined;
  const chain = new BatchChain(() => new Promise((resolve) => (finish = resolve)));
  chain.begin('head');
  const extended = chain.extend([frame(0)]);
  chain.acknowledged('meanwhile', true);
  finish('late');
  expect(await extended).toBeNull();
  const again = chain.extend([frame(1)]);
  finish('next');
  expect(await again).toBe('next');
});
