import { frames, features } from './fixtures.ts';
import type { RunningExam } from './fixtures.ts';
import { mutatedPart } from './mutation.ts';
import type { Random } from './random.ts';
import { mutatedToken } from './tokens.ts';

/** A request, and the type of the message that answers it. */
interface LifeSign {
  ask: object;
  answer: string;
}

export interface SocketEndpoint {
  /** `isBad`: with a bad token or id, to be refused before the login. */
  url(random: Random, exam: RunningExam, isBad: boolean): string;
  /** The message that logs in, null when the URL does, and the type of the answer. Null when the server sends none. */
  login: { message(exam: RunningExam, random: Random): object | null; answer: string } | null;
  /** Null when the channel has no request of that kind: a WebSocket ping then takes its place. */
  lifeSign: LifeSign | null;
  /** A valid message after the login. */
  example(random: Random, exam: RunningExam): object;
  /** Concurrent connections, if limited. */
  workers?: number;
  messagesPerConnection?: number;
}

const thumbnail = (random: Random): object => ({
  frameId: `f${random.below(1000)}`,
  index: random.below(1000),
  data: '/9j/4AAQSkZJRg==',
});
const stamped = (type: string, payload: object): object => ({ type, payload, timestamp: 1_767_600_000 });

/** The token parameter, valid or bad. */
const query = (random: Random, token: string, isBad: boolean): string =>
  isBad
    ? random.pick([
        `?token=${encodeURIComponent(mutatedToken(random, token))}`,
        '',
        '?token',
        `?token=${token}&token=x`,
      ])
    : `?token=${token}`;

/** By channel. */
export const socketEndpoints = {
  session: {
    url: (random, { sessionId, sessionToken }, isBad) =>
      `/api/v1/session/ws/${isBad ? mutatedPart(random, sessionId) : sessionId}${query(random, sessionToken, isBad)}`,
    login: null,
    lifeSign: { ask: { type: 'ping' }, answer: 'pong' },
    example: (random, { sessionId }) =>
      random.pick<() => object>([
        () => ({ type: 'batch', frames: frames(3, random.below(5000)), chain: 'abc' }),
        () => ({ type: 'hello', client_time_ms: 1_767_600_000_000, last_seq: 3 }),
        () => ({ type: 'losses', counts: { outbox_full: 2 }, ranges: [{ reason: 'outbox_full', seqs: [6000, 6001] }] }),
        () => ({ extracted_features: { ...features(), timestamp: '2026-01-18T10:30:00.000Z' } }),
        () => ({ type: 'frame', payload: features() }),
        () => ({ session_id: sessionId, ...features() }),
        () => ({ frame_data: { session_id: sessionId, ...features() } }),
        () => ({ type: 'ping', timestamp: 1 }),
      ])(),
  },
  exam: {
    url: (random, { examId, token }, isBad) =>
      `/api/v1/websocket/${isBad ? mutatedPart(random, examId) : examId}/ws${query(random, token.teacher, isBad)}`,
    /** A new connection replaces the user's previous one. */
    workers: 1,
    login: { message: () => null, answer: 'connected' },
    lifeSign: { ask: { type: 'heartbeat' }, answer: 'pong' },
    example: (random) =>
      random.pick<object>([{ type: 'heartbeat' }, { type: 'heartbeat', session_id: 'x', timestamp: 1 }]),
  },
  sentinel: {
    url: () => '/ws/sentinel',
    login: {
      message: ({ pin, token }) => stamped('sentinel.register', { pin, auth: token.student }),
      answer: 'server.registration.ack',
    },
    lifeSign: null,
    example: (random, { pin, token }) =>
      random.pick<() => object>([
        () => stamped('sentinel.frame', { frames: [thumbnail(random), thumbnail(random)] }),
        () => stamped('sentinel.frame', thumbnail(random)),
        () => stamped('sentinel.register', { pin, auth: token.student }),
      ])(),
  },
  proctor: {
    url: () => '/ws/proctor',
    login: {
      message: ({ token }) => stamped('proctor.register', { auth: token.teacher }),
      answer: 'server.registration.ack',
    },
    lifeSign: { ask: stamped('proctor.set-pin', { pin: 1 }), answer: 'server.update-sentinels' },
    example: (random, { pin, sessionId, token }) =>
      random.pick<() => object>([
        () => stamped('proctor.set-pin', { pin: random.pick([pin, '123456']) }),
        () => stamped('proctor.subscribe', { sentinelId: sessionId }),
        () => stamped('proctor.revoke-subscription', { sentinelId: sessionId }),
        () => stamped('proctor.set-profile', { sentinelId: sessionId, profile: 'HIGH' }),
        () => stamped('proctor.register', { auth: token.teacher }),
      ])(),
  },
  presence: {
    url: () => '/ws/presence',
    login: {
      message: ({ examId, token }, random) => ({
        type: 'connect_request',
        // Another agent each time: a known agent would replace its own connection.
        payload: { agent_label: `page${random.below(50)}`, classroom_id: examId, token: token.student },
      }),
      answer: 'connect_success',
    },
    lifeSign: null,
    /** Any second message closes the connection. */
    messagesPerConnection: 1,
    example: (_random, { examId, token }) => ({
      type: 'connect_request',
      payload: { agent_label: 'page', classroom_id: examId, token: token.student },
    }),
  },
  alerts: {
    url: (random, { token, teacherId }, isBad) =>
      `/ws/alerts/${isBad ? mutatedPart(random, teacherId) : teacherId}${query(random, token.teacher, isBad)}`,
    workers: 1,
    login: null,
    lifeSign: { ask: { type: 'ping' }, answer: 'pong' },
    example: (random, { sessionId }) =>
      random.pick<() => object>([
        () => ({ type: 'ack', stream_id: sessionId, alert_id: 'phone_visible-3' }),
        () => ({ type: 'ack', stream_id: sessionId }),
        () => ({ type: 'ping', timestamp: '2026-01-18T10:30:00.000Z' }),
        () => ({ type: 'pong', timestamp: 1 }),
      ])(),
  },
} satisfies Record<string, SocketEndpoint>;

export type SocketEndpointName = keyof typeof socketEndpoints;
