// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { find, rendered, submit, type } from '../testing/rendered.ts';
import { answerRequests } from '../testing/requests.ts';
import { tokenOf } from '../sessions/session-token.ts';
import { BeginExam } from './begin-exam.tsx';
import { BeginForm } from './begin-form.tsx';
import { watchExamAvailability } from './exam-availability.ts';
import { ReportForm } from './report-form.tsx';

let went: string[];

beforeEach(() => {
  sessionStorage.clear();
  went = [];
  vi.spyOn(location, 'assign').mockImplementation((url) => void went.push(String(url)));
});

afterEach(async () => {
  await rendered(null);
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const status = 'GET /api/v1/exams/physics';

describe('starting an exam', () => {
  test('goes to the camera check with the session, whose token stays in this tab', async () => {
    const sent = answerRequests({ 'POST /api/v1/session/start': [200, { session_id: 's-1', token: 'fresh' }] });
    const place = await rendered(<BeginForm examId="physics" examTitle="Physics I" />);
    expect(place.textContent).toContain('Exam: Physics I');
    await type(find(place, '#member'), ' s-101 ');
    await submit(place);
    await waitFor(() => expect(went).toEqual(['/check/?session=s-1']));
    expect(sent[0]?.body).toEqual({ exam_id: 'physics', member_id: 's-101' });
    expect(tokenOf('s-1')).toBe('fresh');
    const start = find(place, 'button') as HTMLButtonElement;
    expect(start.disabled).toBe(true);
    // A page that the browser restores after Back is as it was left.
    await act(() => void dispatchEvent(new Event('pagehide')));
    expect(start.disabled).toBe(false);
  });

  test.each(['Ada Lovelace', 'a/b', 'ä', ''])('asks for another name than “%s”, and sends nothing', async (name) => {
    const sent = answerRequests({});
    const place = await rendered(<BeginForm examId="physics" examTitle={null} />);
    await type(find(place, '#member'), name);
    await submit(place);
    expect(find(place, '[role=alert]').textContent).toContain('Use only letters, digits');
    expect(find(place, '#member').getAttribute('aria-invalid')).toBe('true');
    expect(sent).toEqual([]);
  });

  test.each([
    [null, 'The server cannot be reached right now.'],
    [403, 'You need to sign in first.'],
    [404, 'The server cannot find this exam.'],
    [409, 'The server rejected the request.'],
  ] as const)('explains the error, and offers a retry: %s', async (code, text) => {
    answerRequests({ 'POST /api/v1/session/start': code === null ? null : [code, { code: 'X', detail: 'internal' }] });
    const place = await rendered(<BeginForm examId="physics" examTitle={null} />);
    await type(find(place, '#member'), 's-101');
    await submit(place);
    await waitFor(() => expect(find(place, '[role=alert]').textContent).toContain(text));
    expect((find(place, 'button') as HTMLButtonElement).disabled).toBe(false);
    expect(went).toEqual([]);
  });
});

describe('whether an exam can be started', () => {
  test.each([
    ['WAITING', 'open'],
    ['IN_PROGRESS', 'open'],
    ['COMPLETED', 'over'],
    ['CANCELLED', 'over'],
  ])('follows from its status: %s is %s', async (examStatus, state) => {
    answerRequests({ [status]: [200, { title: 'Physics I', status: examStatus }] });
    const { availability, close } = watchExamAvailability('physics');
    await waitFor(() => expect(availability.value).toEqual({ state, title: 'Physics I' }));
    close();
  });

  test('is polled until it opens, and not afterwards', async () => {
    vi.useFakeTimers();
    let examStatus = 'SCHEDULED';
    const sent = answerRequests({ [status]: () => [200, { title: 'Physics I', status: examStatus }] });
    const { availability } = watchExamAvailability('physics');
    await vi.advanceTimersByTimeAsync(5100);
    expect(availability.value.state).toBe('not_open_yet');
    expect(sent).toHaveLength(2);
    examStatus = 'WAITING';
    await vi.advanceTimersByTimeAsync(60_000);
    expect(availability.value.state).toBe('open');
    expect(sent).toHaveLength(3);
  });

  test('stays “not open yet” while the server is away for a moment', async () => {
    vi.useFakeTimers();
    let isUp = true;
    answerRequests({ [status]: () => (isUp ? [200, { title: 'Physics I', status: 'SCHEDULED' }] : null) });
    const { availability, close } = watchExamAvailability('physics');
    await vi.advanceTimersByTimeAsync(100);
    isUp = false;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(availability.value).toEqual({ state: 'not_open_yet', title: 'Physics I' });
    close();
  });

  test('shows the form if its status is unknown, and starting reports the problem', async () => {
    answerRequests({ [status]: null });
    const { availability } = watchExamAvailability('physics');
    await waitFor(() => expect(availability.value).toEqual({ state: 'open', title: null }));
  });

  test('is not polled after the page is left', async () => {
    vi.useFakeTimers();
    const sent = answerRequests({ [status]: [200, { title: null, status: 'SCHEDULED' }] });
    const { close } = watchExamAvailability('physics');
    await vi.advanceTimersByTimeAsync(100);
    close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
  });
});

describe('the way into a teacher’s exam', () => {
  const shown = async (code: number, body: unknown): Promise<HTMLElement> => {
    answerRequests({ [status]: [code, body] });
    const place = await rendered(<BeginExam examId="physics" />);
    expect(place.textContent).toBe('Loading…');
    await waitFor(() => expect(place.textContent).not.toBe('Loading…'));
    return place;
  };

  test('is the form while the exam is open', async () => {
    const place = await shown(200, { title: 'Physics I', status: 'IN_PROGRESS' });
    expect(place.querySelector('#member')).not.toBeNull();
    expect(place.textContent).toContain('Physics I');
  });

  test('reports that the exam is not open yet, or over, without a form', async () => {
    const early = await shown(200, { title: 'Physics I', status: 'SCHEDULED' });
    expect(early.textContent).toContain('Physics I is not open yet');
    const late = await shown(200, { title: null, status: 'COMPLETED' });
    expect(late.textContent).toContain('physics is over');
    expect(late.querySelector('#member')).toBeNull();
  });

  test('reports an invalid link, with a button that looks again', async () => {
    const place = await shown(404, { code: 'X' });
    expect(place.textContent).toContain('Exam not found');
    expect(place.querySelector('[data-testid=look-again]')).not.toBeNull();
  });
});

describe('opening a report', () => {
  test('goes to the session that was typed', async () => {
    const place = await rendered(<ReportForm />);
    await type(find(place, '#session'), ' s-1 ');
    await submit(place);
    expect(went).toEqual(['/report/?session=s-1']);
  });

  test('reports an invalid session id until it is valid', async () => {
    const place = await rendered(<ReportForm />);
    await type(find(place, '#session'), '../etc');
    await submit(place);
    expect(place.textContent).toContain('This is not a valid session ID.');
    expect(went).toEqual([]);
    await type(find(place, '#session'), 's-1');
    await submit(place);
    expect(place.textContent).not.toContain('This is not a valid session ID.');
  });
});
