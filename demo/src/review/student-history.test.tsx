// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import { find, rendered } from '../testing/rendered.ts';
import { answerRequests } from '../testing/requests.ts';
import { StudentHistory } from './student-history.tsx';

const report = (examId: string, title: string | null, observations: object) => ({
  exam_id: examId,
  exam_title: title,
  session_id: `session-${examId}`,
  student_id: 'ada',
  student_name: 'Ada Lovelace',
  ended_at: '2026-01-05T12:00:00.000Z',
  risk: 12,
  coverage: { share: 0.9, duration_s: 100, observed_s: 95, live_s: 90, late_s: 5 },
  observations,
  contests: 0,
  review: { status: 'open', outcome: null, by: null, at: null, other_outcome: null, other_by: null },
});
const shown = async (answer: object) => {
  answerRequests({ 'GET /api/v1/students/ada/history': [200, answer] });
  const place = await rendered(<StudentHistory studentId="ada" />);
  await act(() => new Promise((resolve) => setTimeout(resolve)));
  return place;
};

test('has a line for each report, linked to it', async () => {
  const reports = [report('physics', 'Physics I', { phone_visible: 2 }), report('chemistry', null, {})];
  const place = await shown({ student_id: 'ada', student_name: 'Ada Lovelace', reports, has_more: false });
  expect(find(place, 'h1').textContent).toBe('History of Ada Lovelace');
  expect(
    [...place.querySelectorAll('tbody th a')].map((link) => [link.textContent, link.getAttribute('href')]),
  ).toEqual([
    ['Physics I', '/report/?session=session-physics&as=staff'],
    ['Untitled exam', '/report/?session=session-chemistry&as=staff'],
  ]);
  expect(find(place, 'tbody').textContent).toContain('2 × Phone in view');
  expect(find(place, '[role=status]').textContent).toBe('2 reports from 2 exams');
});

test('states that no exam’s policy allows a history, and that older reports are not listed', async () => {
  const none = await shown({ student_id: 'ada', student_name: null, reports: [], has_more: false });
  expect(none.textContent).toContain('No exam of yours whose policy allows a history has a report of this student.');
  const reports = [report('physics', 'Physics I', {})];
  const more = await shown({ student_id: 'ada', student_name: null, reports, has_more: true });
  expect(find(more, '[role=status]').textContent).toBe('Newest reports: 1. Older ones are not listed.');
});
