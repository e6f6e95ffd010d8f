import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Session } from '../model/session.ts';
import { systemActors } from '../model/system-actor.ts';
import type { SessionRecords } from '../records/session-records.ts';
import type { SessionEnding } from '../sessions/session-ending.ts';
import { ExamClosing } from './exam-closing.ts';
import type { Exams } from './exams.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

/** Sessions of exams that are over. */
let running: string[];
/** Sessions of students whose own time is up. */
let past: string[];
let ended: string[];
let actors: Set<string>;
let underWay: number;
let mostAtOnce: number;
let rounds: number;
let failure: Error | null;
let logged: string[];
let closing: ExamClosing;
let hold: Promise<void> | null;

beforeEach(() => {
  running = [];
  past = [];
  ended = [];
  actors = new Set();
  [underWay, mostAtOnce, rounds] = [0, 0, 0];
  [failure, hold] = [null, null];
  logged = [];
  closing = new ExamClosing({
    exams: {
      async completeOverdue() {
        rounds += 1;
        if (failure !== null) throw failure;
      },
    } as unknown as Exams,
    sessions: {
      runningInFinishedExams: async (limit: number) =>
        running.slice(0, limit).map((sessionId) => ({ sessionId }) as Session),
    } as unknown as SessionRecords,
    extraTime: { sessionsPastTheirEnd: async () => past.map((sessionId) => ({ sessionId }) as Session) },
    ending: {
      async end({ sessionId }: Session, actor: string) {
        actors.add(actor);
        underWay += 1;
        mostAtOnce = Math.max(mostAtOnce, underWay);
        await (hold ?? Promise.resolve());
        underWay -= 1;
        ended.push(sessionId);
        running = running.filter((each) => each !== sessionId);
      },
    } as unknown as SessionEnding,
    log: pino({ level: 'warn' }, { write: (line) => void logged.push(JSON.parse(line).event) }),
  });
});
afterEach(async () => {
  vi.useRealTimers();
  await closing.close();
});

const ids = (count: number): string[] => Array.from({ length: count }, (_, at) => `s${at}`);

test('ends every session of exams that are over, four at a time, in the server’s own name', async () => {
  running = ids(123);
  closing.look();
  await closing.close();
  expect(ended).toEqual(ids(123));
  expect(mostAtOnce).toBe(4);
  expect([...actors]).toEqual([systemActors.examOver]);
});

test('ends the sessions of students whose own time is up while others have extra time', async () => {
  past = ['own-end'];
  closing.look();
  await closing.close();
  expect(ended).toEqual(['own-end']);
});

test('looks at the start and every five seconds', async () => {
  vi.useFakeTimers();
  closing.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(rounds).toBe(1);
  running = ['late'];
  await vi.advanceTimersByTimeAsync(5000);
  expect([rounds, ended]).toEqual([2, ['late']]);
});

test('looks once more if it is asked to while it looks, however often', async () => {
  let release: () => void = () => undefined;
  hold = new Promise((resolve) => (release = resolve));
  running = ['first'];
  closing.look();
  await waitUntil(() => underWay === 1);
  for (let times = 0; times < 5; times += 1) closing.look();
  hold = null;
  release();
  await waitUntil(() => rounds === 2);
  await closing.close();
  expect([rounds, ended]).toEqual([2, ['first']]);
});

test('a failed round is logged, and the next one continues', async () => {
  running = ['kept'];
  failure = new Error('records away');
  closing.look();
  await waitUntil(() => logged.length > 0);
  expect(logged).toEqual(['exams.closing_failed']);
  expect(ended).toEqual([]);
  failure = null;
  closing.look();
  await waitUntil(() => ended.length > 0);
  expect(ended).toEqual(['kept']);
});

test('closing waits for the ends that are under way, and begins no further round', async () => {
  let release: () => void = () => undefined;
  hold = new Promise((resolve) => (release = resolve));
  running = ['slow'];
  closing.look();
  await waitUntil(() => underWay === 1);
  closing.look();
  const closed = closing.close();
  release();
  await closed;
  expect([ended, rounds]).toEqual([['slow'], 1]);
});
