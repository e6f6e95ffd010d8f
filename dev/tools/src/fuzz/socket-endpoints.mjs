import { frames, features } from './fixtures.mjs';
import { mutatedPart } from './mutation.mjs';
import { mutatedToken } from './tokens.mjs';

const picture = (random) => ({
  frameId: `f${random.below(1000)}`,
  index: random.below(1000),
  data: '/9j/4AAQSkZJRg==',
});
const stamped = (type, payload) => ({ type, payload, timestamp: 1_767_600_000 });

/** A token where it belongs, or a bad one. */
const query = (random, token, isBad) =>
  isBad
    ? random.pick([
        `?token=${encodeURIComponent(mutatedToken(random, token))}`,
        '',
        '?token',
        `?token=${token}&token=x`,
      ])
    : `?token=${token}`;

/**
 * Each channel: where it is (with a bad token or id before a login is tried), what logs in, what may be said, and what the server
 * answers as long as it is well.
 */
export const socketDoors = {
  session: {
    url: (random, { sessionId, sessionToken }, isBad) =>
      `/api/v1/session/ws/${isBad ? mutatedPart(random, sessionId) : sessionId}${query(random, sessionToken, isBad)}`,
    login: null,
    sign: { ask: { type: 'ping' }, answer: 'pong' },
    examples: (random, { sessionId }) =>
      random.pick([
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
    /** A user has one connection: the newest. */
    workers: 1,
    login: { said: () => null, answer: 'connected' },
    sign: { ask: { type: 'heartbeat' }, answer: 'pong' },
    examples: (random) => random.pick([{ type: 'heartbeat' }, { type: 'heartbeat', session_id: 'x', timestamp: 1 }]),
  },
  sentinel: {
    url: () => '/ws/sentinel',
    login: {
      said: ({ pin, token }) => stamped('sentinel.register', { pin, auth: token.student }),
      answer: 'server.registration.ack',
    },
    sign: null,
    examples: (random, { pin, token }) =>
      random.pick([
        () => stamped('sentinel.frame', { frames: [picture(random), picture(random)] }),
        () => stamped('sentinel.frame', picture(random)),
        () => stamped('sentinel.register', { pin, auth: token.student }),
      ])(),
  },
  proctor: {
    url: () => '/ws/proctor',
    login: {
      said: ({ token }) => stamped('proctor.register', { auth: token.teacher }),
      answer: 'server.registration.ack',
    },
    sign: { ask: stamped('proctor.set-pin', { pin: 1 }), answer: 'server.update-sentinels' },
    examples: (random, { pin, sessionId, token }) =>
      random.pick([
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
      said: ({ examId, token }, random) => ({
        type: 'connect_request',
        // Another agent each time: one that comes again takes its own place.
        payload: { agent_label: `page${random.below(50)}`, classroom_id: examId, token: token.student },
      }),
      answer: 'connect_success',
    },
    sign: null,
    /** Whatever else is said ends it. */
    messagesEach: 1,
    examples: (_random, { examId, token }) => ({
      type: 'connect_request',
      payload: { agent_label: 'page', classroom_id: examId, token: token.student },
    }),
  },
  alerts: {
    url: (random, { token, teacherId }, isBad) =>
      `/ws/alerts/${isBad ? mutatedPart(random, teacherId) : teacherId}${query(random, token.teacher, isBad)}`,
    workers: 1,
    login: null,
    sign: { ask: { type: 'ping' }, answer: 'pong' },
    examples: (random, { sessionId }) =>
      random.pick([
        () => ({ type: 'ack', stream_id: sessionId, alert_id: 'phone_visible-3' }),
        () => ({ type: 'ack', stream_id: sessionId }),
        () => ({ type: 'ping', timestamp: '2026-01-18T10:30:00.000Z' }),
        () => ({ type: 'pong', timestamp: 1 }),
      ])(),
  },
};
