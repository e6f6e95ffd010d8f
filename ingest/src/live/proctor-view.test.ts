import type { LiveFrame } from '@invigil/protocol/channels';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Bus } from '../bus/bus.ts';
import { localBus } from '../../test/local-bus.ts';
import type { Principal } from '../model/principal.ts';
import { createMetrics } from '../telemetry/ingest-metrics.ts';
import { LiveView } from './live-view.ts';
import { ProctorView } from './proctor-view.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

const tina: Principal = { userId: 'tina', role: 'TEACHER', sessionId: null, examId: null, expiresAtMs: null };
const producer = { setResolution: () => undefined, setWatched: () => undefined };
interface Sent {
  type: string;
  payload: { sentinels?: { name: string }[]; frames?: LiveFrame[] };
}

let bus: Bus;
let view: LiveView;
let proctor: ProctorView;
let sent: Sent[];
/** Registers a proctor. */
const register = async (): Promise<ProctorView> => {
  const link = { open: true, bufferedBytes: 0, send: (message: object) => void sent.push(message as Sent) };
  const exams = {
    mayWatch: async (_principal: Principal, examId: string | null) => examId === 'physics',
    examOfPin: async (pin: number) => (pin === 7 ? 'physics' : null),
  };
  const options = { view, exams, metrics: createMetrics(), now: Date.now, wantsUnobserved: true };
  const registered = new ProctorView(link, tina, options);
  await registered.begin();
  return registered;
};
beforeEach(async () => {
  bus = localBus();
  view = new LiveView({ replicaId: 'a', bus, now: Date.now });
  sent = [];
  view.join('mine', { examId: 'physics', name: 'Ada' }, producer);
  view.join('other', { examId: 'history', name: 'Bob' }, producer);
  proctor = await register();
});
afterEach(async () => {
  proctor.end();
  view.close();
  await bus.close();
});

const listed = (): string[] | undefined =>
  sent.findLast(({ type }) => type === 'server.update-sentinels')?.payload.sentinels?.map(({ name }) => name);
const framesSent = (): LiveFrame[] =>
  sent.flatMap(({ type, payload }) => (type === 'server.frame' ? (payload.frames ?? []) : []));
const numbers = (sentinelId: string, index: number): LiveFrame => ({
  sentinelId,
  frameId: `f${index}`,
  index,
  data: null,
});
const subscribe = (sentinelId: string): Promise<void> =>
  Promise.resolve(proctor.take({ type: 'proctor.subscribe', payload: { sentinelId } }));

test('lists the students of exams that the proctor may watch, and no others', () => {
  expect(listed()).toEqual(['Ada']);
});

test('sends the frames of a student who is subscribed to', async () => {
  await subscribe('mine');
  view.publish('mine', [numbers('mine', 1)]);
  expect(framesSent().map(({ index }) => index)).toEqual([1]);
});

test('sends no frames of a student whom the proctor may not watch', async () => {
  await subscribe('other');
  view.publish('other', [numbers('other', 1)]);
  expect(framesSent()).toEqual([]);
});

test('sends a new list when a student joins', async () => {
  view.join('late', { examId: 'physics', name: 'Eve' }, producer);
  await waitUntil(() => listed()?.includes('Eve'));
  expect(listed()).toEqual(['Ada', 'Eve']);
});

test('while an exam of hundreds comes back, sends its list a few times a second', async () => {
  proctor.end();
  vi.useFakeTimers();
  try {
    proctor = await register();
    const lists = (): number => sent.filter(({ type }) => type === 'server.update-sentinels').length;
    const join = (index: number): unknown => view.join(`s${index}`, { examId: 'physics', name: `${index}` }, producer);
    for (let index = 0; index < 400; index += 1) join(index);
    await vi.advanceTimersByTimeAsync(50);
    expect(listed()).toHaveLength(401);
    const before = lists();
    for (let index = 400; index < 500; index += 1) {
      join(index);
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(lists() - before).toBe(2);
    await vi.advanceTimersByTimeAsync(500);
    expect(listed()).toHaveLength(501);
  } finally {
    vi.useRealTimers();
  }
});

test('lists only the exam of the PIN', async () => {
  await proctor.take({ type: 'proctor.set-pin', payload: { pin: 7 } });
  view.join('elsewhere', { examId: 'history', name: 'Eve' }, producer);
  view.join('late', { examId: 'physics', name: 'Dan' }, producer);
  await waitUntil(() => listed()?.includes('Dan'));
  expect(listed()).toEqual(['Ada', 'Dan']);
});

test('lists who is not observed, in the same exams, and again once they are', async () => {
  const lists = (): unknown[] =>
    sent.flatMap(({ type, payload }) => (type === 'server.update-unobserved' ? [payload.sentinels] : []));
  const unobserved = { sinceMs: 20_999, reason: 'obstructed' } as const;
  view.setUnobserved('mine', unobserved);
  view.setUnobserved('other', unobserved);
  view.setUnobserved('absent', unobserved);
  const listedOnce = [{ sentinelId: 'mine', since: 20, reason: 'obstructed' }];
  await waitUntil(() => lists().length === 1);
  expect(lists()).toEqual([listedOnce]);
  view.setUnobserved('mine', null);
  await waitUntil(() => lists().length === 2);
  expect(lists()).toEqual([listedOnce, []]);
});

test('sends nothing after it ended', async () => {
  await subscribe('mine');
  proctor.end();
  const before = sent.length;
  view.publish('mine', [numbers('mine', 1)]);
  view.join('late', { examId: 'physics', name: 'Eve' }, producer);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(sent).toHaveLength(before);
});
