import { describe, expect, test } from 'vitest';
import { lanes, startEvidence } from './session-evidence.ts';

describe('the evidence of a session', () => {
  const evidence = startEvidence(1_000_000);

  test('starts at the session, not at its first frame', () => {
    expect(evidence).toMatchObject({
      startedMs: 1_000_000,
      firstMs: null,
      receipts: { lastMs: 1_000_000 },
      coverage: { fromMs: 1_000_000, lastMs: 1_000_000, liveMs: 0 },
    });
  });

  test('can be stored as JSON', () => {
    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence);
  });

  test('is new for every session', () => {
    expect(startEvidence(1_000_000)).toEqual(evidence);
    expect(startEvidence(1_000_000).coverage).not.toBe(evidence.coverage);
  });

  test('has a lane for each reason why a frame is not the newest', () => {
    expect(lanes).toEqual(['late', 'unexplained', 'outside_session', 'out_of_order']);
  });
});
