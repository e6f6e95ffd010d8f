// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { rendered } from '../testing/rendered.ts';
import { answerRequests } from '../testing/requests.ts';
import { ExamNotes } from './exam-notes.tsx';

afterEach(() => vi.unstubAllGlobals());

test('lists what proctors did and noted during the exam, and nothing else of the audit', async () => {
  const entry = (minute: number, action: string, detail: object | null) => ({
    at: `2026-01-05T09:0${minute}:00.000Z`,
    actor: 'tina',
    action,
    detail,
  });
  const audit = [
    entry(0, 'session.started', null),
    entry(1, 'session.message', { text: 'Please turn on a light.' }),
    entry(2, 'session.break', { action: 'begin' }),
    entry(3, 'session.extra_time', { minutes: 10 }),
    entry(4, 'alert.outcome', { type: 'phone_visible', outcome: 'false_alarm', note: 'A calculator.' }),
    entry(5, 'alert.outcome', { type: 'phone_visible', outcome: 'talked_to', note: null }),
    entry(6, 'session.flag', { note: 'Left early.' }),
  ];
  answerRequests({ 'GET /api/v1/session/s-1/audit': [200, { audit }] });
  const place = await rendered(<ExamNotes sessionId="s-1" />);
  await waitFor(() => expect(place.querySelectorAll('li')).toHaveLength(6));
  for (const text of [
    'Message to the student: Please turn on a light.',
    'Requested a break',
    'Gave 10 min of extra time',
    'Alert “Phone in view”: false alarm: A calculator.',
    'Alert “Phone in view”: talked to the student',
    'Note: Left early.',
  ]) {
    expect(place.textContent).toContain(text);
  }
});
