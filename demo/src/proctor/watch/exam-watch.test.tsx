// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { acknowledged, phoneAlert, sampleExam, sampleStudent } from '../../testing/sample-exam.ts';
import { click, find, rendered } from '../../testing/rendered.ts';
import { AlertList } from '../alerts/alert-list.tsx';
import { LinkNotices } from '../exam/link-notices.tsx';
import { SeatTile } from '../wall/seat-tile.tsx';
import { WallSearch } from '../wall/wall-search.tsx';
import { ExamWatch } from './exam-watch.ts';

const running = (sessionId: string) => ({
  session_id: sessionId,
  status: 'running' as const,
  started_at: '2026-01-05T09:00:00.000Z',
  ended_at: null,
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
    expect(find(place, '.alert').textContent).toMatch(/Phone in view[^]*Ada Lovelace[^]*escalated[^]*I’m on it/);
    await click(find(place, '.alert .quiet'));
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
    watch.alerts.linkState.value = { state: 'waiting', attempt: 1 };
    const place = await rendered(<LinkNotices watch={watch} />);
    expect(place.textContent).toContain('Reconnecting: alerts.');
    await act(() => void (watch.alerts.linkState.value = { state: 'over', reason: 'denied' }));
    expect(place.textContent).toContain('The server denied access to: alerts.');
  });
});
