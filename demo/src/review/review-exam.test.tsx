// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { afterEach, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { button, find, rendered, type } from '../testing/rendered.ts';
import { answerRequests } from '../testing/requests.ts';
import { ReviewExam } from './review-exam.tsx';

afterEach(() => vi.unstubAllGlobals());

const withCounts = async (counts: object) => {
  const page = { exam_title: 'Physics I', counts, reports: [], next_cursor: null };
  const sent = answerRequests({ 'GET /api/v1/exams/physics/reports': () => [200, page] });
  return { sent, place: await rendered(<ReviewExam examId="physics" />) };
};

test('an exam without reports says when there will be some, and offers nothing to decide', async () => {
  const { place } = await withCounts({ all: 0, open: 0, reviewed: 0, decidable: 0, matching: 0 });
  await waitFor(() => expect(place.textContent).toContain('No reports yet.'));
  expect(place.textContent).not.toContain('Every report has been reviewed');
  expect(place.querySelectorAll('button')).toHaveLength(0);
});

test('a filter that matches no report says that none matches', async () => {
  const { place } = await withCounts({ all: 3, open: 3, reviewed: 0, decidable: 3, matching: 0 });
  await waitFor(() => expect(place.textContent).toContain('No report matches.'));
});

test('a name is typed with the space between its parts, and requested without one at its end', async () => {
  const { place, sent } = await withCounts({ all: 3, open: 3, reviewed: 0, decidable: 3, matching: 0 });
  const field = await waitFor(() => find(place, 'input[type=search]') as HTMLInputElement);
  await type(field, 'Ann ');
  expect(field.value).toBe('Ann ');
  await type(field, `${field.value}Berg`);
  expect(field.value).toBe('Ann Berg');
  await waitFor(() => expect(sent.map(({ query }) => query['student'])).toEqual([undefined, 'Ann', 'Ann Berg']));
});

test('stays in view if it cannot be read again, with the problem beside it', async () => {
  const counts = { all: 3, open: 3, reviewed: 0, decidable: 3, matching: 3 };
  let isUp = true;
  answerRequests({
    'GET /api/v1/exams/physics/reports': () =>
      isUp ? [200, { exam_title: 'Physics I', counts, reports: [], next_cursor: 'c' }] : null,
  });
  const place = await rendered(<ReviewExam examId="physics" />);
  await waitFor(() => expect(button(place, 'Show more')).toBeDefined());
  isUp = false;
  await act(() => void find(place, 'select').dispatchEvent(new Event('change', { bubbles: true })));
  await waitFor(() => expect(place.querySelector('.notice')).not.toBeNull());
  expect(place.querySelector('[data-review-list]')).not.toBeNull();
  // The list and its cursor are those of the earlier selection.
  expect(place.textContent).not.toContain('Show more');
});
