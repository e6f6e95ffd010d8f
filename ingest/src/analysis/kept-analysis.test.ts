import type { StoredFrame } from '@invigil/protocol/frame';
import { currentRuleSet } from '@invigil/protocol/rules';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startAnalysis, stepGroup } from './analysis-state.ts';
import { copyAnalysis, overwriteAnalysis } from './kept-analysis.ts';

const startMs = Date.UTC(2026, 0, 5, 9);

interface Sent {
  skipped: number;
  elapsedMs: number;
  delayMs: number;
  faces: number;
  phone: 0 | 1;
  yaw: number;
  violation: boolean;
}

const calm: Sent = { skipped: 0, elapsedMs: 200, delayMs: 0, faces: 1, phone: 0, yaw: 0.1, violation: false };

/** Messages of one frame each, with gaps, silences, late frames and observations. */
const anyMessages = fc.array(
  fc.record<Sent>({
    skipped: fc.constantFrom(0, 0, 0, 2, -1),
    elapsedMs: fc.constantFrom(200, 200, 400, 4000, 40_000, -300),
    delayMs: fc.constantFrom(0, 50, 35_000),
    faces: fc.constantFrom(0, 1, 1, 2),
    phone: fc.constantFrom<0 | 1>(0, 1),
    yaw: fc.constantFrom(0, 0.1234, 0.9),
    violation: fc.boolean(),
  }),
  { minLength: 2, maxLength: 60 },
);

const groupsOf = (sent: readonly Sent[]) => {
  let [seq, timestamp, receivedMs] = [-1, startMs, startMs];
  return sent.map((message, place) => {
    seq = Math.max(0, seq + 1 + message.skipped);
    timestamp += message.elapsedMs;
    receivedMs = Math.max(receivedMs + 1, timestamp + message.delayMs);
    const frame: StoredFrame = {
      frame_id: String(seq),
      seq,
      timestamp,
      received_at: receivedMs,
      no_of_face: message.faces,
      face_x: 320 + message.yaw * 30,
      face_y: 240,
      head_yaw: message.yaw,
      phone_present: message.phone,
      phone_conf: 90,
      ...(message.violation
        ? {
            page_violations: [{ type: 'TAB_SWITCH', timestamp }],
            clock_corrected_ms: 40,
            storage_missing: 1,
            calibration: { state: 'calibrated', at: timestamp, error_px: 80 } as StoredFrame['calibration'],
          }
        : {}),
    };
    return { frames: [frame], position: { links: place + 1, unnumbered: 0 } };
  });
};

test('an analysis that is overwritten equals one that is copied, and copies of it stay as they are', () => {
  fc.assert(
    fc.property(anyMessages, (sent) => {
      let pure = startAnalysis(currentRuleSet, startMs);
      const kept = copyAnalysis(pure);
      const copies: { copy: object; text: string }[] = [];
      for (const group of groupsOf(sent)) {
        const [next, events] = stepGroup(kept, group, currentRuleSet);
        const [expected, expectedEvents] = stepGroup(pure, group, currentRuleSet);
        overwriteAnalysis(kept, next);
        pure = expected;
        expect(kept).toEqual(pure);
        copies.push({ copy: copyAnalysis(kept), text: JSON.stringify(kept) });
        copies.push({ copy: events, text: JSON.stringify(expectedEvents) });
      }
      for (const { copy, text } of copies) expect(JSON.stringify(copy)).toBe(text);
    }),
    { numRuns: 60 },
  );
});

test('a long session with changing readings that then repeat is overwritten as it is copied', () => {
  // Enough readings to fill the pages of the latest ones and the marks of the long loop.
  const yaws = Array.from({ length: 1300 }, (_, index) => ((index * 37) % 1300) / 10_000);
  const sent = [...yaws, ...yaws.slice(0, 200)].map((yaw): Sent => ({ ...calm, yaw }));
  let pure = startAnalysis(currentRuleSet, startMs);
  const kept = copyAnalysis(pure);
  for (const group of groupsOf(sent)) {
    overwriteAnalysis(kept, stepGroup(kept, group, currentRuleSet)[0]);
    [pure] = stepGroup(pure, group, currentRuleSet);
    expect(kept).toEqual(pure);
  }
  const { readings, loop } = kept.state.evidence!;
  expect(readings.earlier).toBeDefined();
  expect(loop).toMatchObject({ rate: 16, wasKnown: true });
  expect(loop?.repeatedMs).toBeGreaterThan(0);
});

test('the objects that each message changes stay the same', () => {
  const [first, ...rest] = groupsOf(Array.from({ length: 40 }, () => calm));
  const kept = copyAnalysis(startAnalysis(currentRuleSet, startMs));
  const step = (group: NonNullable<typeof first>): void =>
    overwriteAnalysis(kept, stepGroup(kept, group, currentRuleSet)[0]);
  step(first!);
  const parts = () => {
    const { state, last, arrived } = kept;
    const { coverage, receipts, order, readings, coarse, loop } = state.evidence!;
    return [
      state,
      last,
      arrived,
      arrived?.position,
      state.watchedMs,
      coverage,
      receipts,
      order,
      readings,
      coarse,
      loop,
    ];
  };
  const before = parts();
  for (const group of rest) step(group);
  for (const [at, part] of parts().entries()) expect(part).toBe(before[at]);
  expect(kept.state.frames).toBe(40);
});
