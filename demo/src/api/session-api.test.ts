// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { tokenOf } from '../sessions/session-token.ts';
import { answerRequests } from '../testing/requests.ts';
import { sampleReport } from '../testing/sample-report.ts';
import {
  askBreak,
  endSession,
  fetchAudit,
  fetchReport,
  memberOfSession,
  sendContest,
  sendFlag,
  sendMessage,
  sendReview,
  startSession,
} from './session-api.ts';

const own = (): void => sessionStorage.setItem('invigil-token:s-1', 'student');

beforeEach(() => {
  sessionStorage.clear();
  sessionStorage.setItem('invigil-staff-token', 'teacher');
});
afterEach(() => vi.unstubAllGlobals());

describe('starting a session', () => {
  test('keeps its token in this tab, and sends no other', async () => {
    const sent = answerRequests({ 'POST /api/v1/session/start': [200, { session_id: 's-9', token: 'fresh' }] });
    expect(await startSession('physics', 'ada')).toEqual({ ok: true, value: 's-9' });
    expect(tokenOf('s-9')).toBe('fresh');
    expect(sent).toMatchObject([{ body: { exam_id: 'physics', member_id: 'ada' }, token: null }]);
  });

  test('keeps nothing when the server refuses', async () => {
    answerRequests({ 'POST /api/v1/session/start': [409, { code: 'X', detail: 'the exam is over' }] });
    expect(await startSession('physics', 'ada')).toEqual({
      ok: false,
      problem: 'refused',
      detail: 'the exam is over',
      code: 'X',
    });
    expect(tokenOf('s-9')).toBeNull();
  });
});

describe('the audit log of a session', () => {
  test('is done as the student in the tab that started it, and as the teacher in any other', async () => {
    const sent = answerRequests({ 'POST /api/v1/session/s-1/end': [204, null] });
    await endSession('s-1');
    own();
    await endSession('s-1');
    expect(sent.map(({ token }) => token)).toEqual(['teacher', 'student']);
  });

  test('describes each action: a message, a break, a note', async () => {
    const sent = answerRequests({
      'POST /api/v1/session/s-1/messages': [200, {}],
      'POST /api/v1/session/s-1/break': [200, {}],
      'POST /api/v1/session/s-1/flags': [201, {}],
    });
    expect((await sendMessage('s-1', 'Please look up')).ok).toBe(true);
    expect((await askBreak('s-1', 'begin')).ok).toBe(true);
    expect((await sendFlag('s-1', 'left the room')).ok).toBe(true);
    expect(sent.map(({ body }) => body)).toEqual([
      { text: 'Please look up' },
      { action: 'begin' },
      { note: 'left the room' },
    ]);
  });

  test('is reviewed by staff only, and contested by the session’s student', async () => {
    own();
    const sent = answerRequests({
      'PUT /api/v1/session/s-1/review': [200, sampleReport().review],
      'POST /api/v1/session/s-1/review/observations/phone_visible-1/contest': [200, sampleReport().review],
    });
    expect((await sendReview('s-1', { observations: [] })).ok).toBe(true);
    expect((await sendContest('s-1', 'phone_visible-1', 'It was a calculator.')).ok).toBe(true);
    expect(sent.map(({ token }) => token)).toEqual(['teacher', 'student']);
    expect(sent[1]?.body).toEqual({ text: 'It was a calculator.' });
  });
});

describe('the report of a session', () => {
  test('is read as the student, or as staff where that is asked for', async () => {
    own();
    const sent = answerRequests({ 'GET /api/v1/session/s-1/report': [200, sampleReport()] });
    expect(await fetchReport('s-1', false)).toMatchObject({ ok: true, value: { session: { member_id: 'ada' } } });
    await fetchReport('s-1', true);
    expect(sent.map(({ token }) => token)).toEqual(['student', 'teacher']);
  });

  test('is refused where something else comes from its address', async () => {
    answerRequests({ 'GET /api/v1/session/s-1/report': [200, { anomalies: [] }] });
    expect(await fetchReport('s-1', true)).toEqual({ ok: false, problem: 'refused', detail: null });
    answerRequests({ 'GET /api/v1/session/s-1/report': [200, 'text'] });
    expect(await fetchReport('s-1', true)).toEqual({ ok: false, problem: 'refused', detail: null });
  });

  test('includes actions during the exam', async () => {
    const audit = [{ at: '2026-01-05T09:00:00.000Z', actor: 'grace', action: 'session.flag', detail: { note: 'x' } }];
    answerRequests({ 'GET /api/v1/session/s-1/audit': [200, { audit }] });
    expect(await fetchAudit('s-1')).toEqual({ ok: true, value: audit });
  });
});

describe('whose session it is', () => {
  test('is the server’s answer, and unknown without one', async () => {
    answerRequests({ 'GET /api/v1/session/s-1': [200, { session_id: 's-1', member_id: 'ada' }] });
    expect(await memberOfSession('s-1')).toBe('ada');
    expect(await memberOfSession('s-2')).toBeNull();
    answerRequests({ 'GET /api/v1/session/s-1': null });
    expect(await memberOfSession('s-1')).toBeNull();
  });
});
