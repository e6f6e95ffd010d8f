// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { button, click, rendered } from '../../testing/rendered.ts';
import { answerRequests } from '../../testing/requests.ts';
import { sampleExam, sampleStudent } from '../../testing/sample-exam.ts';
import { RequestList } from './request-list.tsx';

afterEach(() => vi.unstubAllGlobals());

const request = (id: string, change: object = {}) => ({
  request_id: id,
  kind: 'help' as const,
  student_id: 'ada',
  text: null,
  at: '2026-01-05T09:10:00.000Z',
  done_at: null,
  done_by: null,
  ...change,
});
const exam = sampleExam([sampleStudent('ada', 'Ada Lovelace')], {
  requests: [
    request('r-3', { kind: 'erasure' }),
    request('r-2', { text: 'My screen is black.' }),
    request('r-1', { done_at: '2026-01-05T09:12:00.000Z' }),
  ],
});

test('shows the open requests with the student’s name and words', async () => {
  const place = await rendered(<RequestList exam={exam} openStudent={null} />);
  const items = [...place.querySelectorAll('li')].map(({ textContent }) => textContent);
  expect(items).toHaveLength(2);
  expect(items[0]).toContain('Ada Lovelace');
  expect(items[0]).toContain('My screen is black.');
});

test('opens the student, and marks a request done', async () => {
  const sent = answerRequests({ 'POST /api/v1/exams/physics/requests/r-2/done': [204, null] });
  const opened: string[] = [];
  const place = await rendered(<RequestList exam={exam} openStudent={(id) => opened.push(id)} />);
  await click(button(place, 'Reply'));
  expect(opened).toEqual(['ada']);
  await click(button(place, 'Done'));
  await waitFor(() => expect(place.querySelectorAll('li')).toHaveLength(1));
  expect(sent).toHaveLength(1);
});

test('is empty without requests', async () => {
  const place = await rendered(<RequestList exam={sampleExam([], { requests: [] })} openStudent={null} />);
  expect(place.textContent).toBe('');
});
