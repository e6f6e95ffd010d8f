// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answerRequests } from '../testing/requests.ts';
import { createCameraSession } from './camera-session.ts';

const notice = {
  title: 'Physics',
  server_time: '2026-01-05T09:00:00.000Z',
  started_at: null,
  ends_at: null,
  organiser: null,
  images: { while_watched: false, with_alerts: false },
  proctor_sees_numbers: true,
  report_to_student: true,
  retention: { frames_days: 30, reports_days: 365 },
};
const join = 'POST /api/v1/camera/join';

beforeEach(() => sessionStorage.clear());
afterEach(() => vi.unstubAllGlobals());

const opened = async (address: string) => {
  history.replaceState(null, '', address);
  const session = createCameraSession();
  await session.join();
  return session.stage.value;
};

test('the code leaves the address, and the session that it gave survives a reload', async () => {
  const sent = answerRequests({ [join]: [201, { session_id: 's-1', token: 'token', notice }] });
  const first = await opened('/camera/#code=abc');
  expect(location.hash).toBe('');
  expect(first).toMatchObject({ stage: 'joined', title: 'Physics', element: { sessionId: 's-1', token: 'token' } });
  expect(await opened('/camera/')).toMatchObject({ stage: 'joined', element: { sessionId: 's-1', token: 'token' } });
  expect(sent.map(({ body }) => body)).toEqual([{ code: 'abc' }]);
});

test('page signals are off, because the questions are on the computer', async () => {
  answerRequests({ [join]: [201, { session_id: 's-1', token: 'token', notice: null }] });
  expect(await opened('/camera/#code=abc')).toMatchObject({ element: { options: { pageSignals: false } } });
});

test.each([
  ['a code that was used before', '/camera/#code=abc', [404, { code: 'NOT_FOUND' }] as const, 'unknown'],
  ['no code', '/camera/', [404, {}] as const, 'unknown'],
  ['no connection', '/camera/#code=abc', null, 'unreachable'],
])('%s is refused', async (_what, address, answer, problem) => {
  answerRequests({ [join]: () => answer as [number, unknown] | null });
  expect(await opened(address)).toEqual({ stage: 'refused', problem });
});

test('a code that could not be sent is tried again', async () => {
  let isReachable = false;
  answerRequests({
    [join]: () => (isReachable ? [201, { session_id: 's-1', token: 'token', notice: null }] : null),
  });
  history.replaceState(null, '', '/camera/#code=abc');
  const session = createCameraSession();
  await session.join();
  expect(session.stage.value).toEqual({ stage: 'refused', problem: 'unreachable' });
  isReachable = true;
  await session.join();
  expect(session.stage.value).toMatchObject({ stage: 'joined', element: { sessionId: 's-1' } });
});

test('a phone that was stopped can be the camera again', async () => {
  answerRequests({ [join]: [201, { session_id: 's-1', token: 'token', notice: null }] });
  history.replaceState(null, '', '/camera/#code=abc');
  const session = createCameraSession();
  await session.join();
  const first = session.stage.value;
  session.stage.value = { stage: 'over', isExamOver: false };
  session.rejoin();
  expect(session.stage.value).toMatchObject({ stage: 'joined', element: { sessionId: 's-1', token: 'token' } });
  expect(session.stage.value).not.toBe(first);
});

test.each([
  ['session_ended', true],
  ['stopped', false],
])('is over when the element closes: %s', async (reason, isExamOver) => {
  answerRequests({ [join]: [201, { session_id: 's-1', token: 'token', notice: null }] });
  history.replaceState(null, '', '/camera/#code=abc');
  const { stage, join: begin } = createCameraSession();
  await begin();
  if (stage.value.stage !== 'joined') throw new Error('not joined');
  stage.value.element.dispatchEvent(new CustomEvent('invigil-stage', { detail: { stage: 'closed', reason } }));
  expect(stage.value).toEqual({ stage: 'over', isExamOver });
});

test('stops its camera when another one takes over', async () => {
  answerRequests({ [join]: [201, { session_id: 's-1', token: 'token', notice: null }] });
  history.replaceState(null, '', '/camera/#code=abc');
  const { stage, join: begin } = createCameraSession();
  await begin();
  if (stage.value.stage !== 'joined') throw new Error('not joined');
  const { element } = stage.value;
  let stops = 0;
  element.stop = async () => void (stops += 1) as never;
  element.dispatchEvent(new CustomEvent('invigil-delivery', { detail: { state: 'ready' } }));
  expect(stops).toBe(0);
  element.dispatchEvent(new CustomEvent('invigil-delivery', { detail: { state: 'ended', reason: 'replaced' } }));
  expect(stops).toBe(1);
});
