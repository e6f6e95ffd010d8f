// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { click, find, rendered } from '../testing/rendered.ts';
import { answerRequests } from '../testing/requests.ts';
import { LinkedExam } from './linked-exam.tsx';

const noticePath = 'GET /api/v1/exams/physics/notice';
const start = 'POST /api/v1/session/start';

const notice = (change: object = {}) => ({
  exam_id: 'physics',
  title: 'Physics I',
  status: 'WAITING',
  scheduled_at: null,
  duration_minutes: 90,
  total_questions: null,
  started_at: null,
  ends_at: null,
  server_time: '2026-01-05T09:00:00.000Z',
  exam_url: null,
  safe_exam_browser: null,
  has_assessment: false,
  organiser: { name: 'Northfield College', contact: null, privacy_url: null },
  images: { while_watched: false, with_alerts: false },
  proctor_sees_numbers: true,
  breaks: false,
  report_to_student: true,
  retention: { frames_days: 30, reports_days: 365 },
  ...change,
});

let went: string[];

beforeEach(() => {
  sessionStorage.clear();
  went = [];
  vi.spyOn(location, 'assign').mockImplementation((url) => void went.push(String(url)));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const shown = async (change: object = {}): Promise<HTMLElement> => {
  answerRequests({
    [noticePath]: [200, notice(change)],
    [start]: [201, { session_id: 's-1', token: 'token' }],
  });
  const place = await rendered(<LinkedExam examId="physics" studentId="ada" />);
  await waitFor(() => expect(place.querySelector('[data-exam-status]')).not.toBeNull());
  return place;
};

describe('the entry with a personal link', () => {
  test('shows the exam, the student and the rules before anything starts', async () => {
    const text = (await shown()).textContent ?? '';
    for (const part of ['Physics I', 'ada', 'You have 90 minutes.', 'no camera images', 'Northfield College']) {
      expect(text).toContain(part);
    }
  });

  test('says that images can be sent if the exam allows it, and what is kept until it is deleted', async () => {
    const images = { while_watched: true, with_alerts: false };
    const retention = { frames_days: null, reports_days: null };
    const text = (await shown({ images, retention, breaks: true, report_to_student: false })).textContent ?? '';
    expect(text).toContain('small camera images can be sent');
    expect(text).toContain('until the organiser deletes it');
    expect(text).toContain('You may take breaks');
    expect(text).toContain('does not show reports');
  });

  test('starts the session as the link’s student, and goes to the camera check', async () => {
    const place = await shown();
    await click(find(place, '[data-testid=begin]'));
    await waitFor(() => expect(went).toEqual(['/check/?session=s-1']));
    const begin = find(place, '[data-testid=begin]') as HTMLButtonElement;
    expect(begin.disabled).toBe(true);
    // The browser keeps this page for the way back.
    await act(() => void dispatchEvent(new Event('pagehide')));
    expect(begin.disabled).toBe(false);
  });

  test('leads to Safe Exam Browser if the exam requires it, and does not start elsewhere', async () => {
    const configuration = '/api/v1/exams/physics/safe-exam-browser.seb';
    const place = await shown({ safe_exam_browser: { configuration, quit: '/seb/quit' } });
    expect(find(place, '[data-testid=safe-exam-browser]').textContent).toContain('tell your teacher');
    const [open, download] = [...place.querySelectorAll('[data-testid=safe-exam-browser] a')];
    expect(open?.getAttribute('href')).toBe(location.origin.replace('http', 'seb') + configuration);
    expect(download?.getAttribute('href')).toBe(configuration);
    expect(place.querySelector('[data-testid=begin]')).toBeNull();
  });

  test('starts in Safe Exam Browser, and says who can help if the server does not accept it', async () => {
    window.SafeExamBrowser = {};
    const safe_exam_browser = { configuration: '/any', quit: '/seb/quit' };
    const place = await shown({ safe_exam_browser });
    const problem = { type: 'about:blank', status: 403, detail: 'no', code: 'SAFE_EXAM_BROWSER_REQUIRED' };
    answerRequests({ [noticePath]: [200, notice({ safe_exam_browser })], [start]: [403, problem] });
    await click(find(place, '[data-testid=begin]'));
    await waitFor(() => expect(place.textContent).toContain('opened with the configuration of this exam'));
    expect(place.textContent).toContain('teachers can change this requirement');
    delete window.SafeExamBrowser;
  });

  test('offers only the trial run before the exam is open', async () => {
    const place = await shown({ status: 'SCHEDULED' });
    expect(place.querySelector('[data-testid=begin]')).toBeNull();
    expect(find(place, '[data-testid=practice]').getAttribute('href')).toBe('/check/?exam=physics');
  });

  test('offers the student’s data after the exam, and no trial run', async () => {
    const place = await shown({ status: 'COMPLETED' });
    expect(place.querySelector('[data-testid=practice]')).toBeNull();
    expect(place.textContent).toContain('You can no longer start it.');
    expect(place.querySelector('[data-testid=export]')).not.toBeNull();
    expect(place.querySelector('[data-testid=ask-erasure]')).not.toBeNull();
  });

  test.each([
    [401, 'This link is not valid'],
    [404, 'This link is not valid'],
    [503, 'The server cannot be reached'],
  ])('explains an answer of %d, with a button that looks again', async (status, text) => {
    answerRequests({ [noticePath]: status === 503 ? null : [status, { code: 'X', detail: 'no' }] });
    const place = await rendered(<LinkedExam examId="physics" studentId="ada" />);
    await waitFor(() => expect(place.textContent).toContain(text));
    const reload = vi.spyOn(location, 'reload').mockReturnValue();
    await click(find(place, '[data-testid=look-again]'));
    expect(reload).toHaveBeenCalledOnce();
  });

  test('explains why a session could not start', async () => {
    answerRequests({ [noticePath]: [200, notice()], [start]: null });
    const place = await rendered(<LinkedExam examId="physics" studentId="ada" />);
    await waitFor(() => expect(place.querySelector('[data-testid=begin]')).not.toBeNull());
    await click(find(place, '[data-testid=begin]'));
    await waitFor(() => expect(find(place, '[role=alert]').textContent).toContain('cannot be reached'));
    expect(went).toEqual([]);
  });
});
