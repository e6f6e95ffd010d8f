// @vitest-environment happy-dom
import type { ServerAlertsMessage, ServerExamMessage } from '@invigil/protocol/channels';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { newest, watchSockets } from '../../testing/sockets.ts';
import type { TestSocket } from '../../testing/sockets.ts';
import { AlertsLink } from './alerts-link.ts';
import { ExamLink } from './exam-link.ts';
import { LiveLink } from './live-link.ts';

let sockets: TestSocket[];

const tokenOf = (claims: object): string => `header.${btoa(JSON.stringify(claims))}.signature`;
const signIn = (token: string): void => sessionStorage.setItem('invigil-staff-token', token);
const addressOf = ({ url }: TestSocket): string => new URL(url).pathname + new URL(url).search;
const quiet = (): void => undefined;

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
  sockets = watchSockets();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the link for alerts', () => {
  const connect = () => {
    const messages: ServerAlertsMessage[] = [];
    const link = new AlertsLink({ message: (message) => messages.push(message), state: quiet });
    link.open();
    const socket = newest(sockets);
    socket.open();
    // The first ping.
    expect(socket.sent.splice(0)).toMatchObject([{ type: 'ping' }]);
    socket.receive({ type: 'pong', timestamp: 't' });
    return { link, messages, socket };
  };

  test('asks for the alerts of the user whom the token names', () => {
    const token = tokenOf({ sub: 'grace@school' });
    signIn(token);
    expect(addressOf(connect().socket)).toBe(`/ws/alerts/grace%40school?token=${encodeURIComponent(token)}`);
  });

  test('uses the development user without a token', () => {
    expect(addressOf(connect().socket)).toBe('/ws/alerts/dev');
  });

  test('answers pings, and passes everything else on', () => {
    const { messages, socket } = connect();
    socket.receive({ type: 'ping', timestamp: 't' });
    socket.receive({ type: 'alert_acknowledged', alert_id: 'x' });
    socket.receive('no json');
    expect(socket.sent).toEqual([{ type: 'pong', timestamp: 't' }]);
    expect(messages).toMatchObject([{ type: 'alert_acknowledged' }]);
  });

  test('pings every thirty seconds, and keeps a connection that responds', async () => {
    const { socket } = connect();
    for (let ping = 0; ping < 5; ping += 1) {
      await vi.advanceTimersByTimeAsync(30_000);
      socket.receive({ type: 'pong', timestamp: 't' });
    }
    expect(socket.sent).toHaveLength(5);
    expect(socket.sent[0]).toMatchObject({ type: 'ping' });
    expect(sockets).toHaveLength(1);
  });

  test('gives up a connection that is silent for a minute and does not answer a ping, and connects again', async () => {
    const { messages, socket } = connect();
    await vi.advanceTimersByTimeAsync(59_000);
    socket.sent.length = 0;
    await vi.advanceTimersByTimeAsync(10_999);
    // The regular ping and the last one.
    expect(socket.sent).toMatchObject([{ type: 'ping' }, { type: 'ping' }]);
    expect(socket.isClosedByPage).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(socket.isClosedByPage).toBe(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(sockets).toHaveLength(2);
    socket.receive({ type: 'alert_acknowledged', alert_id: 'late' });
    expect(messages).toEqual([]);
  });

  test('begins with the first wait again as soon as it was connected', async () => {
    const { socket } = connect();
    socket.end(1006);
    for (let times = 0; times < 3; times += 1) {
      const before = sockets.length;
      await vi.advanceTimersByTimeAsync(1000);
      expect(sockets).toHaveLength(before + 1);
      newest(sockets).open();
      newest(sockets).receive({ type: 'pong', timestamp: 't' });
      newest(sockets).end(1006);
    }
  });

  test('sends no pings after it was closed', async () => {
    const { link, socket } = connect();
    link.close();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(socket.sent).toEqual([]);
    expect(sockets).toHaveLength(1);
  });

  test('acknowledges by session and alert', () => {
    const { link, socket } = connect();
    link.acknowledge({ stream_id: 's-1', alert_id: 'x' });
    expect(socket.sent).toEqual([{ type: 'ack', stream_id: 's-1', alert_id: 'x' }]);
  });
});

describe('the link of an exam', () => {
  test('is the exam’s, with the token, and sends a heartbeat every twenty seconds', async () => {
    signIn('a b');
    const messages: ServerExamMessage[] = [];
    const link = new ExamLink({ examId: 'x/1', message: (message) => messages.push(message), state: quiet });
    link.open();
    newest(sockets).open();
    newest(sockets).receive({ type: 'connected' });
    messages.length = 0;
    expect(addressOf(newest(sockets))).toBe('/api/v1/websocket/x%2F1/ws?token=a%20b');
    await vi.advanceTimersByTimeAsync(40_000);
    expect(newest(sockets).sent).toEqual([{ type: 'heartbeat' }, { type: 'heartbeat' }]);
    newest(sockets).receive({ type: 'participant_joined', student_id: 'a-1' });
    newest(sockets).receive('no json');
    expect(messages).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(60_000);
    // Three regular ones, and one because of the silence.
    expect(newest(sockets).sent).toHaveLength(6);
    link.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(newest(sockets).sent).toHaveLength(6);
  });
});

describe('the link for live readings', () => {
  const connect = (pin: string | null) => {
    const lists: string[][] = [];
    const frames: unknown[] = [];
    const unobserved: unknown[] = [];
    const link = new LiveLink({
      pin,
      state: quiet,
      sentinels: (sentinels) => lists.push(sentinels.map(({ sentinelId }) => sentinelId)),
      frames: (some) => frames.push(...some),
      unobserved: (some) => unobserved.push(some),
    });
    link.open();
    newest(sockets).open();
    const list = (...ids: string[]): void =>
      newest(sockets).receive({
        type: 'server.update-sentinels',
        payload: { sentinels: ids.map((sentinelId) => ({ sentinelId, name: sentinelId })) },
      });
    /** Types and payloads that were sent since the last call. */
    const sent = (): [type: string, payload: unknown][] =>
      newest(sockets)
        .sent.splice(0)
        .map((message) => [(message as { type: string }).type, (message as { payload: unknown }).payload]);
    return { link, lists, frames, unobserved, list, sent };
  };

  const subscribe = (sentinelId: string) => ['proctor.subscribe', { sentinelId }];
  const revoke = (sentinelId: string) => ['proctor.revoke-subscription', { sentinelId }];

  test('registers with the token, and names the exam’s PIN', () => {
    signIn('token');
    const { sent } = connect('1234');
    newest(sockets).receive({ type: 'server.registration.ack' });
    expect(sent()).toEqual([
      ['proctor.register', { auth: 'token', unobserved: true }],
      ['proctor.set-pin', { pin: '1234' }],
    ]);
  });

  test('ignores the list that comes before the server knows the PIN: it is of all exams', () => {
    const { lists, list, link, sent } = connect('1234');
    list('other-exam');
    link.watch(new Set(['other-exam']));
    list('a');
    expect(lists).toEqual([['a']]);
    expect(sent().filter(([type]) => type === 'proctor.subscribe')).toEqual([]);
  });

  test('takes the first list where the exam has no PIN', () => {
    const { lists, list } = connect(null);
    list('a', 'b');
    expect(lists).toEqual([['a', 'b']]);
  });

  test('subscribes to students on the screen only', () => {
    const { link, list, sent } = connect(null);
    list('a', 'b', 'c');
    sent();
    link.watch(new Set(['a', 'b']));
    expect(sent()).toEqual([subscribe('a'), subscribe('b')]);
    link.watch(new Set(['b', 'c']));
    expect(sent()).toEqual([revoke('a'), subscribe('c')]);
    link.watch(new Set(['b', 'c']));
    expect(sent()).toEqual([]);
  });

  test('subscribes again to a student who left and came back', () => {
    const { link, list, sent } = connect(null);
    list('a');
    link.watch(new Set(['a']));
    sent();
    list();
    expect(sent()).toEqual([revoke('a')]);
    list('a');
    link.watch(new Set(['a']));
    expect(sent()).toEqual([subscribe('a')]);
  });

  test('subscribes again after a reconnection, once the new list has arrived', async () => {
    const { link, list, sent } = connect(null);
    list('a');
    link.watch(new Set(['a']));
    newest(sockets).end(1006);
    await vi.advanceTimersByTimeAsync(2000);
    newest(sockets).open();
    link.watch(new Set(['a']));
    expect(sent()).toEqual([['proctor.register', { auth: null, unobserved: true }]]);
    list('a');
    link.watch(new Set(['a']));
    expect(sent()).toEqual([subscribe('a')]);
  });

  test('registers again every twenty seconds, so that a silent connection is noticed', async () => {
    const { sent } = connect('1234');
    newest(sockets).receive({ type: 'server.registration.ack' });
    sent();
    for (let time = 0; time < 5; time += 1) {
      await vi.advanceTimersByTimeAsync(20_000);
      newest(sockets).receive({ type: 'server.registration.ack' });
      expect(sent()).toEqual([['proctor.register', { auth: null, unobserved: true }]]);
    }
    await vi.advanceTimersByTimeAsync(69_999);
    // Three regular ones, the last of them due with the deadline.
    expect(sent()).toHaveLength(4);
    expect(newest(sockets).isClosedByPage).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(newest(sockets).isClosedByPage).toBe(true);
  });

  test('passes on readings and the students who are not observed', () => {
    const { frames, unobserved } = connect(null);
    const sentinels = [{ sentinelId: 'a', since: 1, reason: 'obstructed' }];
    newest(sockets).receive({ type: 'server.update-unobserved', payload: { sentinels } });
    expect(unobserved).toEqual([sentinels]);
    newest(sockets).receive({ type: 'server.frame', payload: { frames: [{ sentinelId: 'a' }, { sentinelId: 'b' }] } });
    newest(sockets).receive({ type: 'something.new' });
    expect(frames).toEqual([{ sentinelId: 'a' }, { sentinelId: 'b' }]);
  });
});
