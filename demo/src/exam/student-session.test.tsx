// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { button, click, find, rendered } from '../testing/rendered.ts';
import { answerRequests } from '../testing/requests.ts';
import { NextSteps } from './next-steps.tsx';
import { createStudentSession } from './student-session.ts';
import type { StudentSession } from './student-session.ts';

const end = 'POST /api/v1/session/s-1/end';

beforeEach(() => {
  sessionStorage.clear();
  history.replaceState(null, '', '/exam/?session=s-1');
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** The element is not defined here, so it stays a plain HTML element, and the test sets its stages. */
const staged = (session: StudentSession, detail: object): void => {
  session.element.dispatchEvent(new CustomEvent('invigil-stage', { detail }));
};

const stopped = (waiting: number) => ({
  stage: 'closed',
  reason: 'stopped',
  result: { delivered: 9, waiting, lost: 0, chain: null },
});

describe('the page of an exam', () => {
  test('begins with consent, in the page’s language, with the session of its address', () => {
    const { element, stage } = createStudentSession();
    expect(stage.value).toEqual({ stage: 'consent' });
    expect(element.lang).toBe('en');
    expect(element.sessionId).toBe('s-1');
    expect(element.texts.consent?.kept?.text).toContain('demo');
  });

  test('starts one session if the consent and the code for a phone ask for it at once', async () => {
    history.replaceState(null, '', '/exam/?exam=physics');
    const sent = answerRequests({ 'POST /api/v1/session/start': [201, { session_id: 's-2', token: 'token' }] });
    const { element } = createStudentSession();
    const tickets = await Promise.all([element.session?.(), element.session?.()]);
    expect(tickets.map((ticket) => ticket?.sessionId)).toEqual(['s-2', 's-2']);
    expect(sent).toHaveLength(1);
  });

  test.each([
    [true, 'function'],
    [false, 'object'],
  ])('offers help if the policy allows messages to proctors: %s', async (chat, kind) => {
    answerRequests({ 'GET /api/v1/exams/demo-exam/notice': [200, { chat }] });
    const { element } = createStudentSession();
    const { notice } = element;
    await (typeof notice === 'function' ? notice() : notice);
    expect(typeof element.help).toBe(kind);
  });

  test.each(['preparing', 'running', 'ending', 'failed', 'not_started'])('follows the element: %s', (stage) => {
    const session = createStudentSession();
    staged(session, { stage });
    expect(session.stage.value).toEqual({ stage });
  });

  test('ends the session once everything is delivered, and stays on the page', async () => {
    const sent = answerRequests({ [end]: [204, null] });
    const session = createStudentSession();
    staged(session, stopped(0));
    expect(session.stage.value).toEqual({ stage: 'ending' });
    await waitFor(() => expect(session.stage.value).toEqual({ stage: 'over', lost: 0 }));
    expect(sent).toHaveLength(1);
  });

  test('does not end a session of which readings are still on this device', async () => {
    const sent = answerRequests({ [end]: [204, null] });
    const session = createStudentSession();
    staged(session, stopped(12));
    expect(session.stage.value).toEqual({ stage: 'undelivered' });
    expect(sent).toEqual([]);
    await session.finish();
    expect(session.stage.value).toEqual({ stage: 'over', lost: 12 });
  });

  test('is over when a proctor has ended the session', () => {
    const session = createStudentSession();
    staged(session, { ...stopped(0), reason: 'session_ended' });
    expect(session.stage.value).toEqual({ stage: 'over', lost: null });
  });

  test('can try again when the server did not end the session', async () => {
    let isUp = false;
    answerRequests({ [end]: () => (isUp ? [204, null] : null) });
    const session = createStudentSession();
    staged(session, stopped(0));
    await waitFor(() => expect(session.stage.value).toMatchObject({ stage: 'not_ended' }));
    isUp = true;
    await session.finish();
    expect(session.stage.value).toMatchObject({ stage: 'over' });
  });
});

describe('the hand-in', () => {
  const membership = 'GET /api/v1/session/s-1';
  const submission = 'POST /api/v1/exams/geography/submission';

  test('keeps the page until it has arrived', async () => {
    vi.useFakeTimers();
    try {
      let isUp = false;
      const sent = answerRequests({
        [end]: () => (isUp ? [204, null] : null),
        [membership]: () => (isUp ? [200, { session_id: 's-1', exam_id: 'geography', member_id: 'ada' }] : null),
        [submission]: [201, { submitted_at: '2026-01-05T10:00:00.000Z' }],
      });
      const session = createStudentSession();
      session.element.stop = async () => undefined as never;
      void session.end();
      await vi.advanceTimersByTimeAsync(4000);
      staged(session, stopped(0));
      await vi.advanceTimersByTimeAsync(4000);
      expect(session.stage.value).toMatchObject({ stage: 'not_ended', problem: { problem: 'unreachable' } });
      isUp = true;
      await vi.advanceTimersByTimeAsync(4000);
      await session.finish();
      expect(sent.map(({ path }) => path)).toContain('/api/v1/exams/geography/submission');
      expect(session.stage.value).toEqual({
        stage: 'handed_in',
        atMs: Date.parse('2026-01-05T10:00:00Z'),
        lost: 0,
        refusedAnswers: 0,
      });
    } finally {
      vi.useRealTimers();
    }
  });

  test('that comes after the end of the exam is refused, and the page says so, also on another try', async () => {
    const detail = 'submitting is not allowed while the exam is COMPLETED';
    const sent = answerRequests({
      [end]: [204, null],
      [membership]: [200, { session_id: 's-1', exam_id: 'geography', member_id: 'ada' }],
      [submission]: [409, { code: 'WRONG_STATUS', detail }],
    });
    const session = createStudentSession();
    session.element.stop = async () => undefined as never;
    await session.end();
    staged(session, { ...stopped(0), reason: 'session_ended' });
    const refused = { stage: 'not_ended', isRefused: true, problem: { detail } };
    await waitFor(() => expect(session.stage.value).toMatchObject(refused));
    await session.finish();
    expect(session.stage.value).toMatchObject(refused);
    expect(sent.map(({ path }) => path)).not.toContain('/api/v1/session/s-1/end');
    await session.endWithoutHandIn();
    expect(session.stage.value).toEqual({ stage: 'over', lost: 0 });
  });
});

describe('the session of the demo’s own exam', () => {
  test('is the address’s, with the token of this tab', async () => {
    sessionStorage.setItem('invigil-token:s-1', 'token');
    const { element } = createStudentSession();
    expect(await element.session?.()).toEqual({ sessionId: 's-1', token: 'token' });
  });

  test('is started on consent where the address has none, and put into the address', async () => {
    history.replaceState(null, '', '/exam/');
    const sent = answerRequests({ 'POST /api/v1/session/start': [200, { session_id: 's-7', token: 'fresh' }] });
    const { element } = createStudentSession();
    expect(sent).toEqual([]);
    expect(await element.session?.()).toEqual({ sessionId: 's-7', token: 'fresh' });
    expect(location.search).toBe('?session=s-7');
    await element.session?.();
    expect(sent).toHaveLength(1);
  });

  test('is not started if the server refuses, with the reason', async () => {
    history.replaceState(null, '', '/exam/');
    answerRequests({ 'POST /api/v1/session/start': [409, { code: 'X', detail: 'the exam is over' }] });
    await expect(createStudentSession().element.session?.()).rejects.toThrow('the exam is over');
  });
});

describe('the next steps', () => {
  const shown = (stage: StudentSession['stage']['value'], finish = async (): Promise<void> => undefined) => {
    const session = { ...createStudentSession(), finish };
    return rendered(<NextSteps stage={stage} session={session} />);
  };

  test('after the end are the report, and the student’s own data', async () => {
    const place = await shown({ stage: 'handed_in', atMs: Date.UTC(2026, 0, 5, 10, 42), lost: 0, refusedAnswers: 0 });
    expect(find(place, 'h2').textContent).toMatch(/^Handed in at .*42/);
    expect(place.textContent).toContain('All readings were delivered.');
    expect(find(place, 'a').getAttribute('href')).toBe('/report/?session=s-1');
    const requests = 'POST /api/v1/exams/demo-exam/requests';
    const sent = answerRequests({ [requests]: [201, { request_id: 'r', at: '' }] });
    await click(find(place, '[data-testid=ask-erasure]'));
    await click(find(place, '[data-testid=confirm-yes]'));
    await waitFor(() => expect(place.textContent).toContain('Your request was sent to the organiser.'));
    expect(sent[0]?.body).toMatchObject({ kind: 'erasure', student_id: 'guest' });
  });

  test('after the end name what was not delivered', async () => {
    const place = await shown({ stage: 'handed_in', atMs: 0, lost: 7, refusedAnswers: 2 });
    expect(place.textContent).toContain('7 readings could not be delivered.');
    expect(place.textContent).toContain('2 answers arrived too late');
  });

  test('after a failure lead to the camera check', async () => {
    expect(find(await shown({ stage: 'failed' }), 'a').getAttribute('href')).toBe('/check/?session=s-1');
  });

  test('with readings on this device are to deliver them, or to end without them', async () => {
    let ends = 0;
    const place = await shown({ stage: 'undelivered' }, async () => void (ends += 1));
    expect(button(place, 'Deliver readings')).toBeDefined();
    await click(button(place, 'End without them'));
    expect(ends).toBe(1);
  });

  test('report a missing answer of the server, and offer a retry', async () => {
    let ends = 0;
    const problem = { ok: false, problem: 'unreachable', detail: null } as const;
    const place = await shown({ stage: 'not_ended', problem, isRefused: false }, async () => void (ends += 1));
    expect(find(place, '[role=alert]').textContent).toContain('All readings were delivered');
    await click(button(place, 'Try again'));
    expect(ends).toBe(1);
    expect(() => button(place, 'End without handing in')).toThrow('no button');
  });

  test('name what the server refused, and offer to end without it', async () => {
    const problem = { ok: false, problem: 'refused', detail: 'the answer is too long' } as const;
    const place = await shown({ stage: 'not_ended', problem, isRefused: true });
    expect(place.textContent).toContain('Your answers were not accepted');
    expect(place.textContent).toContain('the answer is too long');
    expect(button(place, 'End without handing in')).toBeDefined();
  });

  test('beside a running exam are none', async () => {
    expect((await shown({ stage: 'running' })).textContent).toBe('');
  });
});
