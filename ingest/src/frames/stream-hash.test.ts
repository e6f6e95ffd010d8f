import { expect, test } from 'vitest';
import { parseLink, parseStreamHash } from './stream-hash.ts';

test('an empty hash is a session without frames', () => {
  expect(parseStreamHash({})).toEqual({
    upToSeq: -1,
    highestSeq: -1,
    chain: null,
    isSealed: false,
    refused: 0,
    losses: {},
    dropped: {},
    frames: 0,
    arrivals: { links: 0, unnumbered: 0 },
  });
});

test('reads frontier, chain, losses and frame count', () => {
  const hash = {
    seqs: '0-9,12-14',
    nonce: 'aa',
    chain: 'bb',
    links: '3',
    confirmed: '2',
    chained: '11',
    'lost:rejected': '2',
    'told:rejected': '1',
    'dropped:w': '5',
    'dropped:x': '1',
    srv: '4',
  };
  expect(parseStreamHash(hash)).toEqual({
    upToSeq: 9,
    highestSeq: 14,
    chain: { nonce: 'aa', head: 'bb', links: 3, confirmed: 2, frames: 11 },
    isSealed: false,
    refused: 0,
    losses: { rejected: 8 },
    dropped: { w: 5, x: 1 },
    // 13 settled numbers, 2 of them lost, and 4 frames that the server numbered.
    frames: 15,
    arrivals: { links: 3, unnumbered: 4 },
  });
});

test('the head of a chain without links is its nonce', () => {
  expect(parseStreamHash({ nonce: 'aa' }).chain).toEqual({
    nonce: 'aa',
    head: 'aa',
    links: 0,
    confirmed: 0,
    frames: 0,
  });
});

test('reads a link with the numbers it covers', () => {
  expect(parseLink('c0ffee 1 0-4,6-6')).toEqual({
    link: 'c0ffee',
    confirmed: true,
    seqs: [
      [0, 4],
      [6, 6],
    ],
  });
  expect(parseLink('c0ffee 0 7-7')).toEqual({ link: 'c0ffee', confirmed: false, seqs: [[7, 7]] });
});
