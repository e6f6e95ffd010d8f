// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { answered, button, click, find, rendered, submit, type } from '../../testing/rendered.ts';
import { answerRequests } from '../../testing/requests.ts';
import { sampleExam, sampleStudent } from '../../testing/sample-exam.ts';
import { watchSockets } from '../../testing/sockets.ts';
import { ExamReports } from '../reports/exam-reports.tsx';
import { ExamView } from './exam-view.tsx';

const session = (id: string, endedAt: string | null) => ({
  session_id: id,
  status: endedAt === null ? ('running' as const) : ('ended' as const),
  started_at: '2026-01-05T09:00:00.000Z',
  ended_at: endedAt,
  has_frames: true,
  coverage: null,
});
const over = sampleExam(
  [
    sampleStudent('a-2', 'Zoe', { sessions: [session('s-2', '2026-01-05T10:00:00.000Z')] }),
    sampleStudent('a-1', 'Ada', {
      sessions: [session('s-1', '2026-01-05T09:30:00.000Z'), session('s-3', '2026-01-05T10:00:00.000Z')],
    }),
    sampleStudent('a-3', 'Mia'),
  ],
  { status: 'COMPLETED' },
);

beforeEach(() => {
  sessionStorage.clear();
  watchSockets();
});

afterEach(async () => {
  // Unmounting closes the links and timers of a running exam.
  await rendered(null);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('an exam', () => {
  test('that runs shows its title, PIN, the link for students and the wall', async () => {
    answerRequests({ 'GET /api/v1/exams/physics': [200, sampleExam([], { pin: '1234' })] });
    const place = await rendered(<ExamView examId="physics" />);
    await waitFor(() => expect(find(place, 'h1').textContent).toBe('Physics I'));
    expect(find(place, '.exam-title').textContent).toContain('PIN 1234');
    expect(button(place, 'Copy link for students')).toBeDefined();
    expect(place.querySelector('#wall-search')).not.toBeNull();
    expect(place.querySelector('#alerts')).not.toBeNull();
  });

  test('that is over shows its reports, and nothing that would change it', async () => {
    answerRequests({ 'GET /api/v1/exams/physics': [200, over] });
    const place = await rendered(<ExamView examId="physics" />);
    await waitFor(() => expect(find(place, '.badge').textContent).toBe('Completed'));
    const buttons = [...place.querySelectorAll('.exam-head button')];
    expect(buttons.filter((each) => each.closest('.access') === null)).toEqual([]);
    expect(place.querySelector('#wall-search')).toBeNull();
    expect(find(place, '#reports').textContent).toBe('Reports');
  });

  test('that goes from running to over shows its reports', async () => {
    let status = 'IN_PROGRESS';
    answerRequests({
      'GET /api/v1/exams/physics': () => [200, { ...sampleExam([]), status }],
      'POST /api/v1/exams/physics/complete': () => {
        status = 'COMPLETED';
        return [200, { status }];
      },
    });
    const place = await rendered(<ExamView examId="physics" />);
    await waitFor(() => expect(place.querySelector('#wall-search')).not.toBeNull());
    await click(button(place, 'Complete exam'));
    await click(find(place, '[data-testid=confirm-yes]'));
    await waitFor(() => expect(place.querySelector('#reports')).not.toBeNull());
    expect(place.querySelector('#wall-search')).toBeNull();
  });

  test('shows the session that a student starts while the student is open', async () => {
    const sockets = watchSockets();
    const requests = [{ request_id: 'r-1', student_id: 'a-1', kind: 'help', text: null, at: '', done_at: null }];
    const withSessions = (sessions: ReturnType<typeof session>[]) =>
      sampleExam([sampleStudent('a-1', 'Ada', { sessions })], {
        requests: requests as never,
        policy: { live_view: 'numbers' } as never,
      });
    let exam = withSessions([]);
    const sent = answerRequests({ 'GET /api/v1/exams/physics': () => [200, exam] });
    const place = await rendered(<ExamView examId="physics" />);
    await waitFor(() => expect(place.textContent).toContain('not connected yet'));
    await click(button(place, 'Reply'));
    expect(place.querySelector('dialog')).not.toBeNull();
    exam = withSessions([session('s-9', null)]);
    sockets.find(({ url }) => url.includes('/websocket/'))?.receive({ type: 'participant_disconnected' });
    await waitFor(() => expect(sent.map(({ path }) => path)).toContain('/api/v1/session/s-9/replay'));
  });

  test('keeps a step that was taken while an earlier read was in progress', async () => {
    let reads = 0;
    let answerRead: () => void = () => undefined;
    answerRequests({
      'GET /api/v1/exams/physics': () => {
        reads += 1;
        if (reads === 1) return [200, sampleExam([], { status: 'WAITING' })];
        return new Promise((resolve) => {
          answerRead = () => resolve([200, sampleExam([], { status: 'WAITING', title: 'Outdated' })]);
        });
      },
      'POST /api/v1/exams/physics/enrolments': [204, null],
      'POST /api/v1/exams/physics/start': [200, { status: 'IN_PROGRESS' }],
    });
    const place = await rendered(<ExamView examId="physics" />);
    await waitFor(() => expect(place.querySelector('[data-testid=step-start]')).not.toBeNull());
    await type(find(place, '#more-students'), 'a-1, Ada');
    await submit(place);
    await waitFor(() => expect(reads).toBe(2));
    await click(button(place, 'Start exam'));
    await waitFor(() => expect(find(place, '.badge').textContent).toBe('In progress'));
    await answered(answerRead);
    expect([find(place, '.badge').textContent, find(place, 'h1').textContent]).toEqual(['In progress', 'Physics I']);
  });

  test('stays in view if it cannot be read again, with the problem beside it', async () => {
    let reads = 0;
    answerRequests({ 'GET /api/v1/exams/physics': () => ((reads += 1) === 1 ? [200, over] : null) });
    const place = await rendered(<ExamView examId="physics" />);
    await waitFor(() => expect(place.querySelector('.notice')).not.toBeNull());
    expect(place.querySelector('#reports')).not.toBeNull();
  });

  test('that could not be read shows no problem once the wall has read it', async () => {
    const sockets = watchSockets();
    let reads = 0;
    answerRequests({
      'GET /api/v1/exams/physics': () => ((reads += 1) === 2 ? null : [200, sampleExam([])]),
      'POST /api/v1/exams/physics/enrolments': [204, null],
    });
    const place = await rendered(<ExamView examId="physics" />);
    await waitFor(() => expect(place.querySelector('#more-students')).not.toBeNull());
    await type(find(place, '#more-students'), 'a-1, Ada');
    await submit(place);
    await waitFor(() => expect(place.textContent).toContain('cannot be reached'));
    sockets.find(({ url }) => url.includes('/websocket/'))?.receive({ type: 'participant_disconnected' });
    await waitFor(() => expect(place.textContent).not.toContain('cannot be reached'));
    expect(reads).toBe(3);
  });

  test('that does not exist is reported, with a link back to the list', async () => {
    answerRequests({});
    const place = await rendered(<ExamView examId="nothing" />);
    await waitFor(() => expect(place.textContent).toContain('Exam not found'));
    expect(find(place, 'a').getAttribute('href')).toBe('/proctor/');
  });
});

describe('the reports of an exam', () => {
  test('are listed by name, every session of each student, and who had none', async () => {
    const place = await rendered(<ExamReports exam={over} load={async () => undefined} />);
    expect([...place.querySelectorAll('li')].map(({ textContent }) => textContent.split(' ')[0])).toEqual([
      'Ada',
      'Ada',
      'Mia',
      'Zoe',
    ]);
    expect([...place.querySelectorAll('a')].map((link) => link.getAttribute('href'))).toEqual([
      '/review/?exam=physics',
      '/report/?session=s-1',
      '/report/?session=s-3',
      '/report/?session=s-2',
    ]);
    expect(place.textContent).toContain('no session');
  });

  test('are looked for again until every session has ended', async () => {
    vi.useFakeTimers();
    let reads = 0;
    const load = async (): Promise<void> => void (reads += 1);
    const waiting = { ...over, students: [sampleStudent('a-1', 'Ada', { sessions: [session('s-1', null)] })] };
    const place = await rendered(<ExamReports exam={waiting} load={load} />);
    expect(place.textContent).toContain('report in progress');
    await vi.advanceTimersByTimeAsync(0);
    expect(reads).toBe(1);
  });

  test('say that there were no sessions', async () => {
    const place = await rendered(<ExamReports exam={{ ...over, students: [] }} load={async () => undefined} />);
    expect(place.textContent).toContain('There were no sessions.');
  });
});
