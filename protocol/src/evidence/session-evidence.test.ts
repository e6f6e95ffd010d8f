import { describe, expect, it } from 'vitest';
import { LANES, startEvidence } from './session-evidence.ts';

describe('the evidence of a session', () => {
  const evidence = startEvidence(1_000_000);

  it('starts at the session, not at its first frame', () => {
    expect(evidence).toMatchObject({
      startedMs: 1_000_000,
      firstMs: null,
      receipts: { lastMs: 1_000_000 },
      coverage: { fromMs: 1_000_000, lastMs: 1_000_000, liveMs: 0 },
    });
  });

  it('can be stored as JSON', () => {
    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence);
  });

  it('is new for every session', () => {
    expect(startEvidence(1_000_000)).toEqual(evidence);
    expect(startEvidence(1_000_000).coverage).not.toBe(evidence.coverage);
  });

  it('has a lane for each reason why a frame is not the newest', () => {
    expect(LANES).toEqual(['late', 'unexplained', 'outside_session', 'out_of_order']);
  });
});
