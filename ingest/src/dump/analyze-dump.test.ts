import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyContext } from '@invigil/protocol/report';
import type { StoredFrame } from '@invigil/protocol/frame';
import type { AnalysisRules } from '../analysis/analysis-rules.ts';
import { reportOf } from '../analysis/session-analysis.ts';
import { analyzeDump, foldAll, parseDump } from './analyze-dump.ts';
import { dumpFormat, firstDumpFormat } from './frames-dump.ts';
import type { FramesDump } from './frames-dump.ts';

const startMs = Date.UTC(2026, 0, 5, 9);
/** Two minutes at 5 frames a second; a phone from second 60 to 70. The client's clock is 2 s behind. */
const frames = Array.from({ length: 600 }, (_, seq): StoredFrame => ({
  frame_id: String(seq),
  seq,
  timestamp: startMs + seq * 200,
  received_at: startMs + seq * 200 + 2000,
  no_of_face: 1,
  head_yaw: Math.sin(seq) / 10,
  head_pitch: 0,
  phone_present: seq >= 300 && seq < 350 ? 1 : 0,
  phone_conf: seq >= 300 && seq < 350 ? 80 : 0,
}));
const rules: AnalysisRules = { version: '3', accommodations: [] };
const endMs = startMs + 122_000;
const dump: FramesDump = {
  format: dumpFormat,
  session: {
    session_id: 's1',
    exam_id: 'physics',
    member_id: 'ada',
    status: 'ended',
    started_at: new Date(startMs).toISOString(),
    ended_at: new Date(endMs).toISOString(),
  },
  rules,
  losses: { outbox_full: 3 },
  chain: { nonce: 'n', head: 'h', links: 6, confirmed: 6, frames: 600 },
  end_ms: endMs,
  context: emptyContext,
  frames,
  links: [],
  folded: null,
};
/** As the server writes it. */
const serverReport = () =>
  reportOf(foldAll(frames, rules, startMs), {
    session: dump.session,
    rules,
    losses: dump.losses,
    chain: dump.chain,
    endMs,
    context: emptyContext,
  });

describe('the report of a dump', () => {
  test('is the server’s, byte for byte', async () => {
    const expected = JSON.stringify(serverReport());
    expect(JSON.stringify(analyzeDump(dump))).toBe(expected);
    expect(JSON.stringify(analyzeDump(parseDump(JSON.stringify(dump))))).toBe(expected);
  });

  test('does not depend on the order of the frames in the file', () => {
    const expected = JSON.stringify(serverReport());
    fc.assert(
      fc.property(fc.shuffledSubarray(frames, { minLength: frames.length }), (shuffled) => {
        expect(JSON.stringify(analyzeDump({ ...dump, frames: shuffled }))).toBe(expected);
      }),
      { numRuns: 5 },
    );
  });

  test('ends at the dump’s end, though the session was ended later', () => {
    expect(analyzeDump({ ...dump, end_ms: endMs - 10_000 }).coverage?.to_ms).toBe(endMs - 10_000);
  });

  test('uses the result that the dump holds if frames had expired', () => {
    const folded = foldAll(frames, rules, startMs);
    expect(analyzeDump({ ...dump, frames: [], folded })).toEqual(serverReport());
  });
});

describe('another analysis of a dump', () => {
  test('uses the rules that were asked for', () => {
    expect(analyzeDump(dump, { rulesVersion: '1' })).toMatchObject({ rules_version: '1' });
    expect(analyzeDump(dump).rules_version).toBe('3');
  });

  test('by time ends on the client’s clock, though the dump ended on the server’s', () => {
    expect(analyzeDump(dump, { rulesVersion: '2' }).coverage?.to_ms).toBe(frames.at(-1)!.timestamp);
    expect(analyzeDump(dump).coverage?.from_ms).toBe(startMs);
  });

  test('uses the weights that were asked for', () => {
    expect(analyzeDump(dump, { weightsVersion: '1' }).risk.weights_version).toBe('1');
    expect(analyzeDump(dump).risk.weights_version).toBe('2');
  });

  test.each([{ rulesVersion: '9' }, { weightsVersion: '9' }, { rulesVersion: 'constructor' }])(
    'refuses versions that do not exist: %j',
    (asked) => {
      expect(() => analyzeDump(dump, asked)).toThrow(expect.objectContaining({ reason: 'unknown_rules' }));
    },
  );

  test('of a part has the frames of that part, and no chain', () => {
    const report = analyzeDump(dump, { part: { fromS: 50, toS: 80 } });
    expect(report.integrity).toMatchObject({ frames: 151, chain: null });
    expect(report.observations.map(({ type }) => type)).toEqual(['phone_visible']);
    expect(analyzeDump(dump, { part: { fromS: 0, toS: 50 } }).observations).toEqual([]);
    expect(analyzeDump(dump, { part: { fromS: 500, toS: 600 } }).coverage).toBeNull();
  });

  test.each([
    [{ part: { fromS: 0, toS: 10 } }, 'only the whole session'],
    [{ rulesVersion: '2' }, 'its own rules version, 3'],
  ])('is refused if frames had expired: %j', (asked, message) => {
    const folded = foldAll(frames, rules, startMs);
    expect(() => analyzeDump({ ...dump, folded }, asked)).toThrow(
      expect.objectContaining({ reason: 'frames_expired', message: expect.stringContaining(message) as string }),
    );
  });
});

describe('the text of a dump', () => {
  test.each([dumpFormat, firstDumpFormat])('is accepted in the format %s', (format) => {
    expect(parseDump(JSON.stringify({ ...dump, format }))).toMatchObject({ format });
  });

  test.each([
    ['nothing', ''],
    ['half of a dump', JSON.stringify(dump).slice(0, 1000)],
    ['null', 'null'],
    ['a list', '[]'],
    ['another object', '{"frames":[]}'],
    ['a later format', '{"format":"invigil-frames/9"}'],
  ])('is refused if it is %s', (_name, text) => {
    expect(() => parseDump(text)).toThrow(expect.objectContaining({ reason: 'not_a_dump' }));
  });
});
