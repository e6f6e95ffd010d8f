import type { ServerAlertsMessage } from '@invigil/protocol/channels';
import { describe, expect, test } from 'vitest';
import {
  alertsBySession,
  emptyBoard,
  markAcknowledging,
  singleMessages,
  stepBoard,
  unmarkAcknowledging,
} from './alert-board.ts';

const raised = (alertId: string, at: string, sessionId = 's', examId = 'exam'): ServerAlertsMessage => ({
  type: 'anomaly_detected',
  stream_id: sessionId,
  timestamp: at,
  result: {
    alert_id: alertId,
    exam_id: examId,
    member_id: 'm',
    raised_at: at,
    escalated: false,
    duration_s: null,
    observation: {
      id: 'phone_visible-1',
      type: 'phone_visible',
      from_ms: 0,
      to_ms: 1000,
      confidence: 0.8,
      measured: {},
      evidence: { first: '1', strongest: '2', last: '3' },
      frames: 3,
    },
  },
});
const taken = (alertId: string): ServerAlertsMessage => ({
  type: 'alert_acknowledged',
  stream_id: 's',
  alert_id: alertId,
  outcome: 'talked_to',
  note: null,
  user_id: 'grace',
  timestamp: '2026-01-05T09:01:00.000Z',
});
const early = '2026-01-05T09:00:00.000Z';
const late = '2026-01-05T09:00:30.000Z';

describe('the alerts of an exam', () => {
  test('are in the order in which they were raised, without duplicates or alerts of other exams', () => {
    let board = stepBoard(emptyBoard, raised('b', late), 'exam');
    board = stepBoard(board, raised('a', early), 'exam');
    board = stepBoard(board, raised('a', early), 'exam');
    board = stepBoard(board, raised('c', late, 's', 'another'), 'exam');
    expect([...board.open.keys()]).toEqual(['a', 'b']);
    expect(alertsBySession(board)).toEqual(new Map([['s', { count: 2, sinceMs: Date.parse(early) }]]));
  });

  test('stay open until the server confirms who acknowledged them', () => {
    let board = markAcknowledging(stepBoard(emptyBoard, raised('a', early), 'exam'), 'a');
    expect(board.open.get('a')?.isAcknowledging).toBe(true);
    expect(unmarkAcknowledging(board).open.get('a')?.isAcknowledging).toBe(false);
    board = stepBoard(board, taken('a'), 'exam');
    expect(board.open.size).toBe(0);
    expect(board.taken).toMatchObject([{ alertId: 'a', by: 'grace' }]);
  });
});

test('a message with several alerts is one message for each, and an image belongs to its own alert only', () => {
  const newest = raised('c', late);
  const older = raised('b', early);
  if (newest.type !== 'anomaly_detected' || older.type !== 'anomaly_detected') throw new Error('not alerts');
  const together = { ...newest, frame: 'anBlZw==', more: [{ result: older.result }] };
  expect(singleMessages(together)).toEqual([
    { ...newest, frame: 'anBlZw==' },
    { ...older, timestamp: late },
  ]);
  expect(singleMessages(newest)).toEqual([newest]);
  expect(singleMessages(taken('c'))).toEqual([taken('c')]);
});
