// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { find, rendered, submit } from '../testing/rendered.ts';
import { answerRequests } from '../testing/requests.ts';
import { createCameraCheck } from './camera-check.ts';
import { checkPlace, examAddress, isPractice } from './check-place.ts';
import { Practice, PracticeDone } from './practice.tsx';

const path = 'PUT /api/v1/exams/physics/check';
const place = { examId: 'physics', studentId: 'ada', sessionId: null };
const link = `h.${btoa(JSON.stringify({ sub: 'ada', exam_id: 'physics' }))}.s`;

beforeEach(() => {
  sessionStorage.clear();
  history.replaceState(null, '', '/check/');
});
afterEach(() => vi.unstubAllGlobals());

const checking = () => {
  const check = createCameraCheck(document.createElement('video'));
  check.stage.value = { stage: 'checking', camera: { state: 'lost' } as never };
  return check;
};

test('records the check, and passes on when the server did', async () => {
  const sent = answerRequests({ [path]: [200, { checked_at: '2026-01-05T09:00:00.000Z' }] });
  const done: string[] = [];
  const shown = await rendered(<Practice check={checking()} place={place} done={(at) => done.push(at)} />);
  await submit(shown);
  await waitFor(() => expect(done).toEqual(['2026-01-05T09:00:00.000Z']));
  expect(sent[0]?.body).toMatchObject({ student_id: 'ada', calibrated: false, items: { camera: 'attention' } });
});

test('says that the check could not be recorded', async () => {
  answerRequests({ [path]: null });
  const shown = await rendered(<Practice check={checking()} place={place} done={() => undefined} />);
  await submit(shown);
  await waitFor(() => expect(find(shown, '[role=alert]').textContent).toContain('could not record'));
});

test('leads back to the exam', async () => {
  const shown = await rendered(<PracticeDone checkedAt="2026-01-05T09:00:00.000Z" examId="physics" />);
  expect(shown.textContent).toMatch(/Checked on .*2026/);
  expect(find(shown, 'a').getAttribute('href')).toBe('/?exam=physics');
});

test('is a trial run with a personal link and without a session', () => {
  expect(checkPlace()).toBeNull();
  sessionStorage.setItem('invigil-link:physics', link);
  history.replaceState(null, '', '/check/?exam=physics');
  expect(checkPlace()).toEqual(place);
  expect(isPractice(checkPlace())).toBe(true);
});

test('leads to the exam’s own address, with the exam and the session', async () => {
  const inSession = { ...place, sessionId: 's-1' };
  history.replaceState(null, '', '/check/?session=s-1');
  answerRequests({ 'GET /api/v1/exams/physics/notice': [200, { exam_url: 'https://school.example/exam?x=1' }] });
  expect(await examAddress(inSession)).toBe('https://school.example/exam?x=1&exam=physics&session=s-1');
  answerRequests({ 'GET /api/v1/exams/physics/notice': [200, { exam_url: null }] });
  expect(await examAddress(inSession)).toBe('/exam/?session=s-1');
  answerRequests({ 'GET /api/v1/exams/physics/notice': null });
  expect(await examAddress(inSession)).toBe('/exam/?session=s-1');
});
