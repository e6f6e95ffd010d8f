import { describe, expect, test } from 'vitest';
import { emptyContext } from '@invigil/protocol/report';
import type { StoredFrame } from '@invigil/protocol/frame';
import { startPosition } from '../frames/frame-store.ts';
import type { StreamState } from '../frames/frame-store.ts';
import type { Session } from '../model/session.ts';
import { ruleSetOf } from './analysis-rules.ts';
import type { AnalysisRules } from './analysis-rules.ts';
import { startAnalysis, stepAnalysis } from './analysis-state.ts';
import { basisOf, endMsOf, reportOf } from './session-analysis.ts';

const startMs = Date.UTC(2026, 0, 5, 9);
const session: Session = {
  sessionId: 's1',
  examId: 'physics',
  memberId: 'ada',
  status: 'running',
  startedAt: new Date(startMs).toISOString(),
  endedAt: null,
};
const chain = { nonce: 'n', head: 'h', links: 3, confirmed: 2, frames: 18 };
const stream: StreamState = {
  upToSeq: 19,
  highestSeq: 19,
  chain,
  isSealed: false,
  refused: 0,
  losses: { outbox_full: 2, rejected: 1 },
  dropped: {},
  frames: 20,
  arrivals: startPosition,
};
/** The client's clock is 5 s behind the server's. */
const fold = (rules: AnalysisRules, count = 20) => {
  const set = ruleSetOf(rules);
  let folded = startAnalysis(set, startMs);
  for (let seq = 0; seq < count; seq += 1) {
    const timestamp = startMs + seq * 1000;
    const frame: StoredFrame = { frame_id: String(seq), seq, timestamp, received_at: timestamp + 5000, no_of_face: 1 };
    [folded] = stepAnalysis(folded, frame, set);
  }
  return folded;
};
const [byTime, byArrival]: AnalysisRules[] = [
  { version: '2', accommodations: [] },
  { version: '3', accommodations: [{ name: 'tics', off: ['talking'], longer: {} }] },
];

describe('the end of a session', () => {
  test('is on the client’s clock where frames are analysed by time', () => {
    expect(endMsOf(fold(byTime!), startMs + 60_000)).toBe(startMs + 55_000);
  });

  test('is on the server’s clock where they are analysed in order of arrival', () => {
    expect(endMsOf(fold(byArrival!), startMs + 60_000)).toBe(startMs + 60_000);
  });

  test('is unknown by time without a frame', () => {
    expect(endMsOf(fold(byTime!, 0), startMs + 60_000)).toBeNull();
  });
});

describe('the basis of a report', () => {
  const analysis = (rules: AnalysisRules) => ({ stream, folded: fold(rules), rules });

  test('a session without an end is running', () => {
    const running = basisOf(session, analysis(byArrival!), startMs + 20_000, null, emptyContext);
    expect(running.session).toMatchObject({ session_id: 's1', status: 'running', ended_at: null });
    const endedAt = new Date(startMs + 20_000).toISOString();
    const ended = basisOf(session, analysis(byArrival!), startMs + 20_000, endedAt, emptyContext);
    expect(ended.session).toMatchObject({ status: 'ended', ended_at: endedAt });
  });

  test('gives the same report after it was stored as JSON', () => {
    const made = analysis(byArrival!);
    const basis = basisOf(session, made, startMs + 20_000, null, emptyContext);
    const again = JSON.parse(JSON.stringify({ basis, folded: made.folded })) as {
      basis: typeof basis;
      folded: typeof made.folded;
    };
    expect(JSON.stringify(reportOf(again.folded, again.basis))).toBe(JSON.stringify(reportOf(made.folded, basis)));
  });
});

describe('the report', () => {
  const reportBy = (rules: AnalysisRules, by: Partial<StreamState> = {}) => {
    const folded = fold(rules);
    const basis = basisOf(
      session,
      { stream: { ...stream, ...by }, folded, rules },
      startMs + 20_000,
      null,
      emptyContext,
    );
    return reportOf(folded, basis);
  };

  test('counts the losses, and states the chain’s coverage', () => {
    expect(reportBy(byArrival!).integrity).toMatchObject({
      frames: 20,
      frames_lost: 3,
      losses: { outbox_full: 2, rejected: 1 },
      chain: 'h',
      chained: { links: 3, confirmed_links: 2, frames: 18, unchained_frames: 2 },
    });
  });

  test('states that there is no chain', () => {
    expect(reportBy(byArrival!, { chain: null }).integrity).toMatchObject({ chain: null, chained: null });
  });

  test('leaves out what a chain of the first format did not count', () => {
    const folded = fold(byTime!);
    const basis = basisOf(session, { stream, folded, rules: byTime! }, startMs + 20_000, null, emptyContext);
    const { integrity } = reportOf(folded, { ...basis, chain: 'h' });
    expect(integrity.chain).toBe('h');
    expect(integrity).not.toHaveProperty('chained');
  });

  test('has the hash of the receipts only in order of arrival', () => {
    expect(reportBy(byArrival!).integrity.received).toMatch(/^[0-9a-f]{64}$/);
    expect(reportBy(byTime!).integrity).not.toHaveProperty('received');
  });

  test('names the accommodations and leaves out their rules', () => {
    const report = reportBy(byArrival!);
    expect(report.accommodations).toEqual(['tics']);
    expect(report.rules.map(({ type }) => type)).not.toContain('talking');
  });
});
