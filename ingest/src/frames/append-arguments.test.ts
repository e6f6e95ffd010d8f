import { describe, expect, test } from 'vitest';
import { sentText } from '@invigil/protocol/frame';
import type { StoredFrame } from '@invigil/protocol/frame';
import { appendArguments } from './append-arguments.ts';
import type { LinkedIntake } from './append-arguments.ts';
import { frameKeys, streamKeys } from './frame-keys.ts';
import { maxGaps } from './frame-store.ts';

const frames: StoredFrame[] = [
  { frame_id: '3', seq: 3, timestamp: 500, received_at: 900, no_of_face: 1 },
  { frame_id: '4', seq: 4, timestamp: 700, received_at: 900 },
];
const intake: LinkedIntake = {
  frames,
  texts: frames.map(sentText),
  lost: [{ reason: 'outbox_full', seqs: [5, 9] }],
  lossTotals: { rejected: 2, outbox_full: 7 },
  dropped: { writer: 'w', total: 3 },
  previous: 'head',
  link: 'next',
  isConfirmed: true,
};
const lifetimes = { frames: '600', stream: '1200' };

describe('the arguments of the script', () => {
  test('are eleven of the message, four of each frame, three of each loss and two of each total', () => {
    expect(appendArguments(intake, 'nonce', lifetimes)).toEqual(
      [
        ['600', '1200', String(maxGaps), 'nonce', 'head', 'next', '1', '2', '1', '3', '900'],
        ['3', '3', '500', '"no_of_face":1,"seq":3,"timestamp":500}'],
        ['4', '4', '700', '"seq":4,"timestamp":700}'],
        ['outbox_full', '5', '9'],
        ['told:rejected', '2', 'told:outbox_full', '7', 'dropped:w', '3'],
      ].flat(),
    );
  });

  test('of a message without frames have no receipt', () => {
    const losses = { ...intake, frames: [], texts: [], link: '', isConfirmed: false };
    expect(appendArguments(losses, 'nonce', lifetimes).slice(3, 11)).toEqual([
      'nonce',
      'head',
      '',
      '0',
      '0',
      '1',
      '3',
      '0',
    ]);
  });
});

describe('the keys of a session', () => {
  test('are the documented ones, and two of ours', () => {
    expect(frameKeys.frame('s1', '7')).toBe('frame_meta:s1:7');
    expect(streamKeys('s1')).toEqual(['frames_state:s1', 'frames_meta:s1', 'frames_links:s1']);
  });
});
