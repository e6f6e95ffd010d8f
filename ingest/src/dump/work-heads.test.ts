import { expect, test } from 'vitest';
import { emptyContext } from '@invigil/protocol/report';
import type { SessionContext } from '@invigil/protocol/report';
import type { FramesDump } from './frames-dump.ts';
import { unknownWorkHeads } from './work-heads.ts';

const answered = (...heads: (string | null)[]): SessionContext['answers'] =>
  heads.map((chain, at) => ({ question_id: `q${at}`, question_number: at + 1, at: '2026-01-05T09:00:00.000Z', chain }));

const dumpWith = (context: Partial<SessionContext>, more: Partial<FramesDump> = {}): FramesDump => ({
  format: 'invigil-frames/2',
  session: {
    session_id: 's1',
    exam_id: 'e',
    member_id: 'm',
    status: 'ended',
    started_at: '2026-01-05T09:00:00.000Z',
    ended_at: '2026-01-05T10:00:00.000Z',
  },
  rules: { version: '3', accommodations: [] },
  losses: {},
  chain: { nonce: 'start', head: 'second', links: 2, confirmed: 2, frames: 2 },
  end_ms: null,
  context: { ...emptyContext, ...context },
  frames: [],
  links: ['first', 'second'].map((link, at) => ({ link, seqs: [[at, at]], confirmed: true })),
  folded: null,
  ...more,
});

test('work with a head of the session’s chain, or with none, is in order', () => {
  const answers = answered('start', 'first', 'second', null);
  expect(unknownWorkHeads(dumpWith({ answers, hand_in_chain: 'second' }))).toEqual([]);
  expect(unknownWorkHeads(dumpWith({ answers }))).toEqual([]);
});

test('work with a made-up head is named', () => {
  expect(unknownWorkHeads(dumpWith({ answers: answered('first', 'forged'), hand_in_chain: 'forged' }))).toEqual([
    'question 2',
    'hand-in',
  ]);
});

test('the newest context counts, which has what came after the end', () => {
  const later = { version: 2, context: { ...emptyContext, answers: answered('first'), hand_in_chain: 'forged' } };
  expect(unknownWorkHeads(dumpWith({}, { amendments: [later] }))).toEqual(['hand-in']);
});

test('a dump without links shows nothing', () => {
  const { links: _links, ...without } = dumpWith({ hand_in_chain: 'forged' });
  expect(unknownWorkHeads(without)).toEqual([]);
});
