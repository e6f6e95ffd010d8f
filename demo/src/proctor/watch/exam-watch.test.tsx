// @vitest-environment happy-dom
import { closeCodes } from '@invigil/protocol/channels';
import { batch, signal } from '@preact/signals';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ExamSession } from '../../api/exam-api.ts';
import { acknowledged, phoneAlert, sampleExam, sampleStudent } from '../../testing/sample-exam.ts';
import { answerRequests, heldReply } from '../../testing/requests.ts';
import { watchSockets } from '../../testing/sockets.ts';
import type { TestSocket } from '../../testing/sockets.ts';
import { StatusStrip } from '../wall/status-strip.tsx';
import { click, find, rendered } from '../../testing/rendered.ts';
import { AlertList } from '../alerts/alert-list.tsx';
import { LinkNotices } from '../exam/link-notices.tsx';
import { SeatTile } from '../wall/seat-tile.tsx';
import type { LinkState } from '../links/socket-link.ts';
import { WallSearch } from '../wall/wall-search.tsx';
import { ExamWatch } from './exam-watch.ts';

const running = (sessionId: string, coverage: ExamSession['coverage'] = null) => ({
  session_id: sessionId,
  status: 'running' as const,
  started_at: '2026-01-05T09:00:00.000Z',
  ended_at: null,
  has_frames: true,
  coverage,
});
const exam = sampleExam([
  sampleStudent('a-1', 'Ada Lovelace', { sessions: [running('s-1')] }),
  sampleStudent('a-2', 'Grace Hopper', { violations: { TAB_SWITCH: 2 } }),
]);

let watch: ExamWatch;

/** Lets the animation frame pass in which changes are published. */
const nextFrame = () => act(() => vi.advanceTimersByTimeAsync(1100).then(() => undefined));

beforeEach(async () => {
  vi.useFakeTimers();
  watch = new ExamWatch({ exam, onExam: () => undefined });
  watch.setStudents(exam.students);
  await nextFrame();
});

afterEach(() => {
  watch.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the seats of an exam', () => {
  test('list every enrolled student, those needing attention first', () => {
    expect(watch.ordered.value.map(({ name }) => name)).toEqual(['Ada Lovelace', 'Grace Hopper']);
    watch.filter.value = 'connected';
    expect(watch.ordered.value).toEqual([]);
  });

  test('can be searched by name and by number', async () => {
    const place = await rendered(<WallSearch watch={watch} />);
    expect(find(place, '[role=status]').textContent).toBe('2 students');
    await act(() => void (watch.search.value = 'hop'));
    expect(find(place, '[role=status]').textContent).toBe('1 of 2 students');
    await act(() => void (watch.search.value = 'a-1'));
    expect(watch.ordered.value.map(({ key }) => key)).toEqual(['a-1']);
  });

  test('are counted aloud when they are searched, not when their number changes', async () => {
    const place = await rendered(<WallSearch watch={watch} />);
    await act(() => watch.setStudents(exam.students.slice(0, 1)));
    await nextFrame();
    expect(watch.seats.value).toHaveLength(1);
    expect(find(place, 'p').textContent).toContain('1 student');
    expect(find(place, '[role=status]').textContent).toBe('2 students');
    await act(() => void (watch.search.value = 'ada'));
    expect(find(place, '[role=status]').textContent).toBe('1 student');
  });
});

describe('an exam that is read again', () => {
  test('keeps what messages report meanwhile without another read, and takes the next read as it is', async () => {
    const sockets = watchSockets();
    const held = heldReply([200, exam]);
    const student = sampleStudent('a-1', 'Ada Lovelace', { answered_questions: 1, submission: {} as never });
    const replies = [held.reply, () => [200, { ...exam, students: [student] }] as const];
    const sent = answerRequests({ 'GET /api/v1/exams/physics': () => replies.shift()?.() ?? null });
    const reads = () => sent.filter(({ path }) => path === '/api/v1/exams/physics').length;
    watch.open();
    const link = sockets.find(({ url }) => url.includes('/websocket/'));
    link?.open();
    const receive = (type: string, fields: object = {}) => link?.receive({ type, student_id: 'a-1', ...fields });
    const ada = () => watch.seats.value.find(({ key }) => key === 'a-1');
    receive('connected');
    await nextFrame();
    expect(reads()).toBe(1);
    receive('student_answer', { is_update: false });
    receive('student_answer', { is_update: false });
    receive('violation', { total_count: 3 });
    receive('student_submitted');
    held.release();
    await nextFrame();
    expect(ada()).toMatchObject({ answered: 2, pageViolations: 3, hasSubmitted: true });
    expect(reads()).toBe(1);
    receive('connected');
    await nextFrame();
    expect(reads()).toBe(2);
    expect(ada()).toMatchObject({ answered: 1, pageViolations: 0, hasSubmitted: true });
  });
});

describe('a tile', () => {
  const tileOf = async (key: string) => {
    const seat = watch.seats.value.find((candidate) => candidate.key === key);
    if (seat === undefined) throw new Error(`no seat ${key}`);
    const opened: string[] = [];
    const place = await rendered(
      <SeatTile watch={watch} seat={seat} isActive open={(chosen) => opened.push(chosen.key)} />,
    );
    return { place, opened };
  };

  test('shows a lost connection', async () => {
    const { place } = await tileOf('a-1');
    expect(find(place, '.tile').dataset['need']).toBe('lost');
    expect(find(place, '.tile-state').textContent).toContain('disconnected');
  });

  test('shows a student who has not connected yet, with the page events', async () => {
    const { place } = await tileOf('a-2');
    expect(find(place, '.tile-state').textContent).toBe('not connected yet2 page events');
    expect(find(place, '.tile-observed').textContent).toBe('–');
    expect(find(place, '.tile-coverage').textContent).toBe('no coverage measured yet');
  });

  test('shows the coverage that the server recorded, until a newer one arrives', async () => {
    const recorded = running('s-1', { live_s: 90, late_s: 0, not_observed_s: 10 });
    const ended = { ...running('s-2', { live_s: 60, late_s: 0, not_observed_s: 0 }), status: 'ended' as const };
    watch.setStudents([
      sampleStudent('a-1', 'Ada Lovelace', { sessions: [recorded] }),
      sampleStudent('a-2', 'Grace Hopper', { sessions: [ended] }),
    ]);
    await nextFrame();
    const coverageIn = async (key: string) => find((await tileOf(key)).place, '.tile-coverage').textContent;
    expect(await coverageIn('a-1')).toBe('live 90% · not observed 10%');
    expect(await coverageIn('a-2')).toBe('live 100%');
    const coverage = { live_s: 92, late_s: 0, not_observed_s: 8 };
    watch.readings.receive([{ sentinelId: 's-1', frameId: 'f', index: 1, data: null, coverage }], 0);
    await nextFrame();
    expect(await coverageIn('a-1')).toBe('live 92% · not observed 8%');
  });

  test('counts the open alerts of its student', async () => {
    watch.alerts.receive(phoneAlert('x', 's-1'));
    await nextFrame();
    const { place } = await tileOf('a-1');
    expect(find(place, '.tile-alerts').textContent).toBe('1 alert');
    expect(find(place, '.tile').dataset['need']).toBe('alert');
  });

  test('opens its student', async () => {
    const { place, opened } = await tileOf('a-2');
    await click(find(place, 'button'));
    expect(opened).toEqual(['a-2']);
  });
});

describe('the status strip', () => {
  test('states who is where, the alerts, the answers and the time left by the server’s clock', async () => {
    const place = await rendered(<StatusStrip watch={watch} />);
    const items = () => [...place.querySelectorAll('li')].map(({ textContent }) => textContent);
    expect(items()).toEqual(['0 live', '1 lost', '0 alerts', '1 not connected yet']);
    watch.alerts.receive(phoneAlert('x', 's-1'));
    // The server's clock is an hour ahead of this device's.
    const serverTime = new Date(Date.now() + 3_600_000).toISOString();
    const started = new Date(Date.now() + 3_600_000 - 19.5 * 60_000).toISOString();
    const change = { server_time: serverTime, started_at: started, duration_minutes: 60, total_questions: 20 };
    const students = [sampleStudent('a-1', 'Ada Lovelace', { answered_questions: 5, sessions: [running('s-1')] })];
    answerRequests({ 'GET /api/v1/exams/physics': () => [200, sampleExam(students, change)] });
    watch.refresh();
    await nextFrame();
    await nextFrame();
    expect(items()).toEqual(['0 live', '1 lost', '1 alert', '41 min left', '5 of 20 questions answered on average']);
  });
});

describe('a student who cannot be seen', () => {
  test('moves up after 10 s, and down once seen again', async () => {
    const more = sampleExam([
      sampleStudent('a-1', 'Ada', { sessions: [running('s-1')] }),
      sampleStudent('a-2', 'Bea', { sessions: [running('s-2')] }),
    ]);
    const sockets = watchSockets();
    watch = new ExamWatch({ exam: { ...more, pin: null }, onExam: () => undefined });
    watch.open();
    const live = sockets.find(({ url }) => url.endsWith('/ws/proctor'));
    live?.open();
    const sentinels = [
      { sentinelId: 's-1', name: 'Ada' },
      { sentinelId: 's-2', name: 'Bea' },
    ];
    live?.receive({ type: 'server.update-sentinels', payload: { sentinels }, timestamp: 1 });
    const since = Math.floor(Date.now() / 1000);
    const unobserved = (...sentinelIds: string[]) =>
      live?.receive({
        type: 'server.update-unobserved',
        payload: { sentinels: sentinelIds.map((sentinelId) => ({ sentinelId, since, reason: 'obstructed' })) },
        timestamp: since,
      });
    unobserved('s-2');
    await nextFrame();
    expect(watch.ordered.value.map(({ name }) => name)).toEqual(['Ada', 'Bea']);
    await act(() => vi.advanceTimersByTimeAsync(10_000).then(() => undefined));
    expect(watch.ordered.value.map(({ name }) => name)).toEqual(['Bea', 'Ada']);
    // The server decides it, without a subscription to readings.
    expect(live?.sent.filter((message) => (message as { type: string }).type === 'proctor.subscribe')).toEqual([]);
    unobserved();
    await nextFrame();
    expect(watch.ordered.value.map(({ name }) => name)).toEqual(['Ada', 'Bea']);
  });

  test('is on a break while the server says so, which does not move the student up', async () => {
    watch = new ExamWatch({
      exam: sampleExam([sampleStudent('a-1', 'Ada', { sessions: [running('s-1')] })]),
      onExam: () => undefined,
    });
    watch.readings.receiveUnobserved([
      { sentinelId: 's-1', since: Math.floor(Date.now() / 1000) - 60, reason: 'paused' },
    ]);
    expect(watch.unseen.value.size).toBe(0);
  });
});

describe('a wall that is disconnected', () => {
  test('shows no student as live until it is connected again', async () => {
    const sockets = watchSockets();
    const enrolled = [sampleStudent('a-1', 'Ada', { sessions: [running('s-1')] })];
    watch = new ExamWatch({ exam: sampleExam(enrolled), onExam: () => undefined });
    watch.open();
    const connect = async (): Promise<TestSocket | undefined> => {
      const live = sockets.findLast(({ url }) => url.endsWith('/ws/proctor'));
      live?.open();
      const sentinels = [{ sentinelId: 's-1', name: 'Ada' }];
      live?.receive({ type: 'server.update-sentinels', payload: { sentinels }, timestamp: 1 });
      await nextFrame();
      return live;
    };
    const live = await connect();
    const [seat] = watch.seats.value;
    const tile = await rendered(<SeatTile watch={watch} seat={seat!} isActive open={() => undefined} />);
    const strip = await rendered(<StatusStrip watch={watch} />);
    expect(strip.textContent).toContain('1 live');
    await act(() => live?.end(closeCodes.tokenExpired.code));
    await act(() => vi.advanceTimersByTimeAsync(700).then(() => undefined));
    expect(find(tile, '.tile').dataset['delivery']).toBe('stale');
    expect(tile.textContent).toMatch(/not updated for \d/);
    expect(strip.textContent).toContain('last update');
    expect(strip.textContent).not.toContain('1 live');
    await act(() => vi.advanceTimersByTimeAsync(1000).then(() => undefined));
    await connect();
    expect(strip.textContent).toContain('1 live');
    expect(find(tile, '.tile').dataset['delivery']).not.toBe('stale');
  });
});

describe('a wall whose connection falls silent', () => {
  test('shows the time of the last message, not of giving up', async () => {
    const sockets = watchSockets();
    watch = new ExamWatch({ exam: sampleExam([]), onExam: () => undefined });
    watch.open();
    const live = sockets.find(({ url }) => url.endsWith('/ws/proctor'));
    live?.open();
    live?.receive({ type: 'server.update-sentinels', payload: { sentinels: [] }, timestamp: 1 });
    const heardAtMs = Date.now();
    await act(() => vi.advanceTimersByTimeAsync(60_000).then(() => undefined));
    expect(watch.staleSinceMs.value).toBeNull();
    await act(() => vi.advanceTimersByTimeAsync(10_000).then(() => undefined));
    expect(live?.isClosedByPage).toBe(true);
    expect(watch.staleSinceMs.value).toBe(heardAtMs);
  });
});

describe('the alert list', () => {
  test('is empty at first', async () => {
    const place = await rendered(<AlertList watch={watch} open={() => undefined} />);
    expect(find(place, '[data-testid=open-alerts]').textContent).toBe('No open alerts.');
  });

  test('names the student and the observation, and opens the student', async () => {
    const opened: string[] = [];
    const place = await rendered(<AlertList watch={watch} open={(sessionId) => opened.push(sessionId)} />);
    watch.alerts.receive(phoneAlert('x', 's-1', { escalated: true }));
    await nextFrame();
    expect(find(place, '[data-testid=open-alerts]').textContent).toBe('1 open alert');
    expect(find(place, '.alert-group').textContent).toMatch(/Ada Lovelace[^]*Phone in view[^]*escalated[^]*I’m on it/);
    await click(find(place, '.show'));
    expect(opened).toEqual(['s-1']);
  });

  test('moves an alert to the acknowledged ones only after the server has confirmed it', async () => {
    const place = await rendered(<AlertList watch={watch} open={() => undefined} />);
    watch.alerts.receive(phoneAlert('x', 's-1'));
    await nextFrame();
    // Without a connection, acknowledging changes nothing.
    await click(find(place, '.alert .button'));
    await nextFrame();
    expect(find(place, '.alert .button').textContent).toBe('I’m on it');
    watch.alerts.receive(acknowledged('x', 's-1'));
    await nextFrame();
    expect(place.querySelector('.alert')).toBeNull();
    expect(find(place, '[data-testid=taken]').textContent).toMatch(/Acknowledged 1Phone in view, Ada Lovelace – grace/);
  });

  test('ignores alerts of other exams', async () => {
    watch.alerts.receive(phoneAlert('x', 's-1', { examId: 'chemistry' }));
    await nextFrame();
    expect(watch.alerts.board.value.open.size).toBe(0);
  });

  test('notifies listeners about each new alert once', () => {
    let count = 0;
    const unsubscribe = watch.alerts.onNewAlert(() => (count += 1));
    watch.alerts.receive(phoneAlert('x', 's-1'));
    watch.alerts.receive(phoneAlert('x', 's-1'));
    expect(count).toBe(1);
    unsubscribe();
    watch.alerts.receive(phoneAlert('y', 's-1'));
    expect(count).toBe(1);
  });

  test('assigns a session to the student whom its alert names', async () => {
    watch.alerts.receive(phoneAlert('x', 's-9', { memberId: 'a-2' }));
    await nextFrame();
    expect(watch.alerts.bySession.value.get('s-9')?.count).toBe(1);
  });
});

describe('connection notices', () => {
  test('are absent while connecting', async () => {
    const place = await rendered(<LinkNotices watch={watch} />);
    expect(place.textContent).toBe('');
  });

  test('state that alerts moved to another window, and offer to move them back', async () => {
    watch.alerts.linkState.value = { state: 'over', reason: 'replaced' };
    const place = await rendered(<LinkNotices watch={watch} />);
    expect(place.textContent).toContain('Your alerts are now shown in another window.');
    expect(find(place, 'button').textContent).toBe('Show them here');
  });

  test('name what is being reconnected and what was denied', async () => {
    watch.alerts.linkState.value = { state: 'waiting', attempt: 1, heardAtMs: null };
    const place = await rendered(<LinkNotices watch={watch} />);
    expect(place.textContent).toContain('Reconnecting: alerts.');
    await act(() => void (watch.alerts.linkState.value = { state: 'over', reason: 'denied' }));
    expect(place.textContent).toContain('The server denied access to: alerts.');
  });

  const over = (reason: 'denied' | 'closed' | 'replaced') => ({ state: 'over', reason }) as const;

  test('say that nothing is live only if the readings are over', async () => {
    document.cookie = 'invigil-sign-in-here=1';
    const [live, alerts, examLink] = [
      signal<LinkState>({ state: 'open' }),
      signal<LinkState>(over('denied')),
      signal(over('closed')),
    ];
    const place = await rendered(
      <LinkNotices watch={{ links: { live, alerts, exam: examLink } } as unknown as ExamWatch} />,
    );
    expect(place.textContent).toContain('The server denied access to: alerts.');
    expect(place.textContent).toContain('You are not signed in, or your sign-in has ended.');
    expect(place.textContent).toContain('The server closed the connection for: exam updates.');
    expect(place.textContent).not.toContain('Nothing on this page is live');
    await act(() => void (live.value = over('denied')));
    expect(place.textContent).toContain('Nothing on this page is live until you sign in.');
    await act(() => batch(() => [live, alerts].forEach((link) => (link.value = { state: 'open' }))));
    expect(place.textContent).toContain('The server closed the connection for: exam updates.');
    expect(place.textContent).not.toContain('signed in');
    document.cookie = 'invigil-sign-in-here=; max-age=0';
  });

  test('offer to take back what another window has replaced', async () => {
    const sockets = watchSockets();
    watch = new ExamWatch({ exam: sampleExam([]), onExam: () => undefined });
    watch.open();
    const socketsOf = (path: string) => sockets.filter(({ url }) => url.includes(path));
    socketsOf('/ws/alerts/')[0]?.end(closeCodes.replaced.code);
    socketsOf('/api/v1/websocket/')[0]?.end(1000, closeCodes.replaced.reason);
    const place = await rendered(<LinkNotices watch={watch} />);
    expect(place.textContent).toBe('Your alerts are now shown in another window.Show them here');
    await click(find(place, 'button'));
    expect(['/ws/alerts/', '/api/v1/websocket/', '/ws/proctor'].map((path) => socketsOf(path).length)).toEqual([
      2, 2, 1,
    ]);
    expect(place.textContent).toBe('');
  });
});
