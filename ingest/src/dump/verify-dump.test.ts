import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import { defaultRules } from '../analysis/analysis-rules.ts';
import { appendToStream, emptyStream } from '../frames/stream.ts';
import type { Stream } from '../frames/stream.ts';
import { foldAll } from './analyze-dump.ts';
import { dumpFormat, firstDumpFormat } from './frames-dump.ts';
import type { FramesDump } from './frames-dump.ts';
import { verdictText, verifyDump } from './verify-dump.ts';

const startMs = Date.UTC(2026, 0, 5, 9);
const frameOf = (seq: number): StoredFrame => ({
  frame_id: String(seq),
  seq,
  timestamp: startMs + seq * 200,
  received_at: startMs + seq * 200,
  head_yaw: seq / 1000,
});

/** A dump as the server makes it of batches with these numbers. */
const dumpOf = (batches: readonly (readonly number[])[]): FramesDump => {
  let stream: Stream = emptyStream;
  const frames: StoredFrame[] = [];
  const links: ChainLink[] = [];
  for (const seqs of batches) {
    const change = appendToStream(
      stream,
      { frames: seqs.map(frameOf), lost: [], lossTotals: {}, chain: null },
      'nonce',
    );
    stream = change.stream;
    frames.push(...change.write);
    if (change.link !== null) links.push(change.link);
  }
  return {
    format: dumpFormat,
    session: {
      session_id: 's1',
      exam_id: null,
      member_id: null,
      status: 'ended',
      started_at: new Date(startMs).toISOString(),
      ended_at: new Date(startMs + 60_000).toISOString(),
    },
    rules: defaultRules,
    losses: {},
    chain: stream.chain,
    end_ms: startMs + 60_000,
    frames: frames.toSorted((a, b) => a.timestamp - b.timestamp),
    links,
    folded: null,
  };
};
const whole = dumpOf([
  [0, 1],
  [2, 5],
  [3, 4],
]);
const headOf = ({ chain }: FramesDump): string => (chain as { head: string }).head;

describe('an unchanged dump', () => {
  test('is whole, and the verdict counts its links and frames', () => {
    const single: StoredFrame = { ...frameOf(0), frame_id: 'srv-0' };
    expect(verifyDump({ ...whole, frames: [...whole.frames, single] })).toEqual({
      verdict: 'whole',
      head: headOf(whole),
      links: 3,
      confirmed_links: 0,
      unchecked_links: 0,
      chained_frames: 6,
      unchained_frames: 1,
      unknown_work_heads: [],
      broken: null,
    });
  });

  test('agrees with the head and the number of links that the student’s device knows', () => {
    expect(verifyDump(whole, { head: headOf(whole), links: 3 }).verdict).toBe('whole');
    expect(verifyDump(whole, { head: headOf(whole), links: null }).verdict).toBe('whole');
  });

  test('without any frame is whole', () => {
    expect(verifyDump(dumpOf([]))).toMatchObject({ verdict: 'whole', head: null, links: 0 });
  });

  test('is whole whatever the batches', () => {
    const batches = fc.array(fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 8 }), { maxLength: 10 });
    fc.assert(
      fc.property(batches, (list) => {
        expect(verifyDump(dumpOf(list))).toMatchObject({ verdict: 'whole', broken: null });
      }),
    );
  });
});

describe('a change', () => {
  const replaced = (at: number, change: Partial<StoredFrame>) => ({
    ...whole,
    frames: whole.frames.with(at, { ...whole.frames[at]!, ...change }),
  });

  test.each<[string, FramesDump, number | null, string]>([
    ['of a reading', replaced(2, { head_yaw: 0.5 }), 2, 'hash does not match'],
    ['of a time', replaced(0, { timestamp: startMs - 1 }), 1, 'hash does not match'],
    ['by a new reading', replaced(4, { phone_present: 0 }), 3, 'hash does not match'],
    ['by removing a frame', { ...whole, frames: whole.frames.slice(1) }, 1, 'missing or also in an earlier link'],
    ['by adding a frame', { ...whole, frames: [...whole.frames, frameOf(6)] }, null, 'no link covers'],
    ['by repeating a frame', { ...whole, frames: [...whole.frames, frameOf(3)] }, null, 'occurs twice'],
    [
      'by removing the last link',
      { ...whole, links: whole.links!.slice(0, -1) },
      null,
      'not the head that the session ended with',
    ],
    ['by removing the first link', { ...whole, links: whole.links!.slice(1) }, 1, 'hash does not match'],
    ['of the order of the links', { ...whole, links: whole.links!.toReversed() }, 1, 'hash does not match'],
    ['by repeating a link', { ...whole, links: [...whole.links!, whole.links![0]!] }, 4, 'missing or also'],
    ['by removing all links', { ...whole, links: [], frames: [] }, null, 'not the head that the session ended with'],
    ['of the nonce', { ...whole, chain: { ...(whole.chain as object), nonce: 'x' } as FramesDump['chain'] }, 1, 'hash'],
    [
      'of the head alone',
      { ...whole, chain: { ...(whole.chain as object), head: 'x' } as FramesDump['chain'] },
      null,
      'not the head',
    ],
  ])('%s is found', (_name, changed, link, reason) => {
    const { verdict, broken } = verifyDump(changed);
    expect(verdict).toBe('broken');
    expect(broken).toMatchObject({ link, reason: expect.stringContaining(reason) as string });
  });

  test('of frames and chain together is found by the head that another side knows', () => {
    const forged = dumpOf([[0, 1]]);
    expect(verifyDump(forged).verdict).toBe('whole');
    expect(verifyDump(forged, { head: headOf(whole), links: 3 }).broken?.reason).toContain(`expected ${headOf(whole)}`);
    expect(verifyDump(forged, { head: headOf(forged), links: 2 }).broken?.reason).toBe(
      'the dump has 1 links; expected 2',
    );
  });

  test('of any reading of any frame is found', () => {
    fc.assert(
      fc.property(fc.nat({ max: 5 }), fc.double({ min: -3, max: 3, noNaN: true }), (at, head_yaw) => {
        fc.pre(head_yaw !== whole.frames[at]!.head_yaw);
        expect(verifyDump(replaced(at, { head_yaw })).verdict).toBe('broken');
      }),
    );
  });
});

describe('a forged range', () => {
  test('of a thousand million frames costs no more than those of the dump', () => {
    const links = [{ ...whole.links![0]!, seqs: [[0, 1_000_000_000]] as [number, number][] }];
    expect(verifyDump({ ...whole, links }).broken).toMatchObject({ link: 1 });
  });
});

describe('a dump that cannot be checked', () => {
  test('because frames had expired is broken only where their links are not', () => {
    const folded = foldAll(whole.frames, defaultRules, startMs);
    const expired = { ...whole, frames: whole.frames.filter(({ seq }) => seq > 1), folded };
    expect(verifyDump(expired)).toMatchObject({ verdict: 'unchecked', unchecked_links: 1, broken: null });
    const changed = { ...expired, frames: expired.frames.with(0, { ...expired.frames[0]!, head_yaw: 1 }) };
    expect(verifyDump(changed)).toMatchObject({ verdict: 'broken', broken: { link: 2 } });
  });

  test('because some frames of a link had expired is not broken by the others', () => {
    const folded = foldAll(whole.frames, defaultRules, startMs);
    for (const expired of [0, 2, 3]) {
      const frames = whole.frames.filter(({ seq }) => seq !== expired);
      expect(verifyDump({ ...whole, frames, folded })).toMatchObject({ verdict: 'unchecked', unchecked_links: 1 });
    }
  });

  test('because it has the first format, without links', () => {
    const { links: _links, ...rest } = whole;
    const first = { ...rest, format: firstDumpFormat, chain: 'abc' } as FramesDump;
    expect(verifyDump(first)).toMatchObject({ verdict: 'unchecked', head: 'abc', links: 0, unchained_frames: 6 });
    expect(verifyDump({ ...first, format: dumpFormat }).broken?.reason).toBe('the links are missing');
  });
});

describe('the verdict as text', () => {
  test('reports a complete dump', () => {
    expect(verdictText(verifyDump(whole)).split('\n')).toEqual([
      '6 frames in 3 links (0 confirmed by the client), 0 frames unchained',
      `head ${headOf(whole)}`,
      'complete',
    ]);
  });

  test('reports where it is broken, and the affected frames', () => {
    const changed = { ...whole, frames: whole.frames.with(2, { ...whole.frames[2]!, head_yaw: 1 }) };
    expect(verdictText(verifyDump(changed))).toContain('BROKEN at link 2, frames 2, 5: its hash does not match');
    const added = { ...whole, frames: [...whole.frames, frameOf(6)] };
    expect(verdictText(verifyDump(added))).toContain('BROKEN at the chain as a whole, frames 6: no link covers');
  });

  test('reports how much could not be checked', () => {
    const folded = foldAll(whole.frames, defaultRules, startMs);
    const text = verdictText(verifyDump({ ...whole, frames: [], folded }));
    expect(text).toContain('3 links could not be checked');
    expect(text).toContain('no break found in the part that could be checked');
  });
});
