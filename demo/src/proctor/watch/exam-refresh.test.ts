// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { answerRequests } from '../../testing/requests.ts';
import { sampleExam, sampleStudent } from '../../testing/sample-exam.ts';
import { ExamRefresh } from './exam-refresh.ts';
import { SeatCollection } from './seat-collection.ts';
import { SessionOwners } from './session-owners.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('reading an exam again', () => {
  const exam = sampleExam([sampleStudent('a', 'Ada')]);
  const address = 'GET /api/v1/exams/physics';

  test('answers a burst of requests with one read, half a second later', async () => {
    const sent = answerRequests({ [address]: [200, exam] });
    const read: unknown[] = [];
    const refresh = new ExamRefresh({ examId: 'physics', onExam: (state) => read.push(state.exam_id) });
    for (let time = 0; time < 20; time += 1) refresh.request();
    await vi.advanceTimersByTimeAsync(499);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(sent).toHaveLength(1);
    expect(read).toEqual(['physics']);
    refresh.request();
    await vi.advanceTimersByTimeAsync(600);
    expect(sent).toHaveLength(2);
  });

  test('keeps the known state if the read fails, and reads at the next request', async () => {
    let isUp = false;
    answerRequests({ [address]: () => (isUp ? [200, exam] : null) });
    const read: unknown[] = [];
    const refresh = new ExamRefresh({ examId: 'physics', onExam: (state) => read.push(state.exam_id) });
    refresh.request();
    await vi.advanceTimersByTimeAsync(600);
    expect(read).toEqual([]);
    isUp = true;
    refresh.request();
    await vi.advanceTimersByTimeAsync(600);
    expect(read).toEqual(['physics']);
  });

  test('has one read at a time, and reads again after a request that came during one', async () => {
    const answers: (() => void)[] = [];
    const sent = answerRequests({
      [address]: () => new Promise((resolve) => answers.push(() => resolve([200, exam]))),
    });
    const refresh = new ExamRefresh({ examId: 'physics', onExam: () => undefined });
    refresh.request();
    await vi.advanceTimersByTimeAsync(600);
    refresh.request();
    await vi.advanceTimersByTimeAsync(600);
    expect(sent).toHaveLength(1);
    answers[0]?.();
    await vi.advanceTimersByTimeAsync(600);
    expect(sent).toHaveLength(2);
    answers[1]?.();
    await vi.advanceTimersByTimeAsync(600);
    expect(sent).toHaveLength(2);
  });

  test('does not report a read that was in progress when it was closed', async () => {
    let answer: () => void = () => undefined;
    answerRequests({ [address]: () => new Promise((resolve) => (answer = () => resolve([200, exam]))) });
    const read: unknown[] = [];
    const refresh = new ExamRefresh({ examId: 'physics', onExam: (state) => read.push(state.exam_id) });
    refresh.request();
    await vi.advanceTimersByTimeAsync(600);
    refresh.close();
    answer();
    await vi.advanceTimersByTimeAsync(600);
    expect(read).toEqual([]);
  });

  test('reads nothing once it is closed', async () => {
    const sent = answerRequests({ [address]: [200, exam] });
    const refresh = new ExamRefresh({ examId: 'physics', onExam: () => undefined });
    refresh.request();
    refresh.close();
    await vi.advanceTimersByTimeAsync(5000);
    expect(sent).toEqual([]);
  });
});

describe('the owners of sessions', () => {
  const twoOfOneName = (): SeatCollection => {
    const seats = new SeatCollection(false);
    seats.setStudents([sampleStudent('a', 'Kim'), sampleStudent('b', 'Kim'), sampleStudent('c', 'Ada')]);
    seats.setPresent(
      [
        { sentinelId: 's-1', name: 'Kim' },
        { sentinelId: 's-2', name: 'Ada' },
      ] as never,
      1000,
    );
    return seats;
  };

  test('are asked for only where the name fits several students, and once', async () => {
    const sent = answerRequests({ 'GET /api/v1/session/s-1': [200, { session_id: 's-1', member_id: 'b' }] });
    const seats = twoOfOneName();
    let news = 0;
    const owners = new SessionOwners(seats, () => (news += 1));
    await owners.resolve();
    await owners.resolve();
    expect(sent.map(({ path }) => path)).toEqual(['/api/v1/session/s-1']);
    expect(seats.members.get('s-1')).toBe('b');
    expect(news).toBe(1);
  });

  test('stay unknown where the server does not say, without news', async () => {
    answerRequests({});
    let news = 0;
    const seats = twoOfOneName();
    await new SessionOwners(seats, () => (news += 1)).resolve();
    expect(news).toBe(0);
    expect(seats.members.has('s-1')).toBe(false);
  });
});
