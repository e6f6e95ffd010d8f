// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import type { Answer } from '../../api/answer.ts';
import { button, click, find, rendered, submit, type } from '../../testing/rendered.ts';
import { answerRequests } from '../../testing/requests.ts';
import { sampleExam, sampleStudent } from '../../testing/sample-exam.ts';
import { WriteForm } from '../student/write-form.tsx';
import { ExamWatch } from '../watch/exam-watch.ts';
import { GroupExtraTime } from './group-extra-time.tsx';
import { GroupMessage } from './group-message.tsx';

const running = (sessionId: string) => ({
  session_id: sessionId,
  status: 'running' as const,
  started_at: '2026-01-05T09:00:00.000Z',
  ended_at: null,
  has_frames: true,
  coverage: null,
});
const students = [
  sampleStudent('a-1', 'Ada Lovelace', { sessions: [running('s-1')] }),
  sampleStudent('a-2', 'Grace Hopper', { sessions: [running('s-2')] }),
  sampleStudent('a-3', 'Alan Turing'),
];
let watch: ExamWatch;

beforeEach(async () => {
  vi.useFakeTimers();
  watch = new ExamWatch({ exam: sampleExam(students, { duration_minutes: 60 }), onExam: () => undefined });
  watch.setStudents(students);
  await act(() => vi.advanceTimersByTimeAsync(1100).then(() => undefined));
  vi.useRealTimers();
});
afterEach(() => {
  watch.close();
  vi.unstubAllGlobals();
});

test('a message goes to all students with three clicks at most, or to those on the wall', async () => {
  const sent = answerRequests({ 'POST /api/v1/exams/physics/messages': [202, { sessions: 2 }] });
  const place = await rendered(<GroupMessage watch={watch} />);
  await click(button(place, 'Message to all'));
  expect(place.textContent).toContain('All students in a session (2)');
  await click(button(place, '10 minutes left.'));
  await waitFor(() => expect(place.textContent).toContain('Sent to 2 students.'));
  const shown = find(place, 'label:nth-of-type(2) input');
  shown.focus();
  await act(() => void (watch.search.value = 'ada'));
  // Its text has another number now.
  expect(document.activeElement).toBe(shown);
  await click(find(place, 'label:nth-of-type(2) input'));
  await type(find(place, 'textarea'), ' Only you ');
  await submit(place);
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent.map(({ body }) => body)).toEqual([
    { text: '10 minutes left.' },
    { text: 'Only you', student_ids: ['a-1'] },
  ]);
});

test('extra time goes to all students, and a refusal is shown with its reason', async () => {
  let reply: readonly [number, unknown] = [200, { students: 3 }];
  const sent = answerRequests({ 'POST /api/v1/exams/physics/extra-time': () => reply });
  const place = await rendered(<GroupExtraTime watch={watch} />);
  await click(button(place, 'Extra time'));
  await type(find(place, 'input[type=number]'), '15');
  await submit(place);
  await waitFor(() => expect(place.textContent).toContain('Changed for 3 students.'));
  expect(sent[0]?.body).toEqual({ minutes: 15, request_id: expect.any(String) });
  reply = [409, { detail: 'the exam is COMPLETED' }];
  await submit(place);
  await waitFor(() => expect(place.textContent).toContain('the exam is COMPLETED'));
});

test('extra time whose answer was lost is requested again under the same id, and under a new one after an answer', async () => {
  let reply: readonly [number, unknown] | null = null;
  const sent = answerRequests({ 'POST /api/v1/exams/physics/extra-time': () => reply });
  const place = await rendered(<GroupExtraTime watch={watch} />);
  await click(button(place, 'Extra time'));
  const given = async (requests: number): Promise<void> => {
    await submit(place);
    await waitFor(() => expect(sent).toHaveLength(requests));
    await waitFor(() => expect(find(place, '.save button').hasAttribute('disabled')).toBe(false));
  };
  await given(1);
  reply = [200, { students: 3 }];
  await given(2);
  await given(3);
  const [lost, again, next] = sent.map(({ body }) => (body as { request_id: string }).request_id);
  expect(again).toBe(lost);
  expect(next).not.toBe(lost);
});

test('an exam without a time limit offers no extra time', async () => {
  watch.state.value = { ...watch.state.value, duration_minutes: null };
  expect((await rendered(<GroupExtraTime watch={watch} />)).textContent).toBe('');
});

test('a text that is typed while another is sent stays', async () => {
  let answer: (value: Answer<null>) => void = () => undefined;
  const send = () => new Promise<Answer<null>>((resolve) => (answer = resolve));
  const place = await rendered(<WriteForm label="" button="Send" done={() => 'Sent.'} maxLength={99} send={send} />);
  await type(find(place, 'textarea'), 'First');
  await submit(place);
  await type(find(place, 'textarea'), 'Second');
  answer({ ok: true, value: null });
  await waitFor(() => expect(find(place, '[role=status]').textContent).toBe('Sent.'));
  expect((find(place, 'textarea') as HTMLTextAreaElement).value).toBe('Second');
});
