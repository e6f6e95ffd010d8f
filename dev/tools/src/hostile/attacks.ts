import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { flood, openSocket, requests, sessionPath } from './attack.ts';
import type { Attack, HostileStudent } from './attack.ts';
import { examId } from './exam-server.ts';

const frames = (from: number, count: number, more: object = {}) =>
  Array.from({ length: count }, (_, index) => ({
    seq: from + index,
    timestamp: Date.now(),
    no_of_face: (from + index) % 2,
    ...more,
  }));
const batch = (all: readonly object[]): string => JSON.stringify({ type: 'batch', frames: all, chain: null });
const violations = (index: number) =>
  Array.from({ length: 50 }, (_, each) => ({ type: 'TAB_SWITCH', timestamp: Date.now() - (index * 50 + each) * 1000 }));
let nextSeq = 0;
const nextBatch = (count: number, more: object = {}): string => {
  nextSeq += count;
  return batch(frames(nextSeq - count, count, more));
};

/** Connects and leaves at once, again and again. */
const reconnects =
  (pathOf: (student: HostileStudent) => string, first: (student: HostileStudent) => string | null): Attack =>
  async (student) => {
    while (!student.signal.aborted) {
      const socket = await openSocket(student, pathOf(student));
      const message = first(student);
      if (message !== null) socket?.send(message);
      await delay(2);
      socket?.close();
    }
  };

/** Begins messages and never ends them. */
const unfinishedMessages: Attack = async (student) => {
  while (!student.signal.aborted) {
    const socket = await openSocket(student, sessionPath(student));
    socket?.send('x'.repeat(200_000), { fin: false });
    await delay(20);
  }
};

/** Sends the headers of a request and one byte of its body. */
const unfinishedRequests: Attack = async ({ exam, token, signal }) => {
  const { hostname, port } = new URL(exam.origin);
  const head =
    `POST /api/v1/session/start HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\n` +
    'Content-Type: application/json\r\nContent-Length: 200000\r\n\r\n{';
  const sockets = [];
  while (!signal.aborted) {
    const socket = connect({ port: Number(port), host: hostname }).on('error', () => undefined);
    socket.write(head);
    sockets.push(socket);
    await delay(5);
  }
  for (const socket of sockets) socket.destroy();
};

/** Many requests in one write, without waiting for answers. */
const pipelining: Attack = async ({ exam, token, signal }) => {
  const { hostname, port } = new URL(exam.origin);
  const one = `GET /api/v1/exams/${examId} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  while (!signal.aborted) {
    const socket = connect({ port: Number(port), host: hostname }).on('error', () => undefined);
    socket.resume();
    for (let round = 0; round < 20 && !signal.aborted; round += 1) {
      socket.write(one.repeat(50));
      await delay(50);
    }
    socket.destroy();
  }
};

const deep = (bytes: number): string => `{"type":"batch","frames":${'['.repeat(bytes)}`;
const answerPath = `/api/v1/exams/${examId}`;

/** Attacks that one student can try, by name. */
export const attacks: Readonly<Record<string, Attack>> = {
  frames: flood(sessionPath, null, () => nextBatch(500)),
  frames_without_number: flood(sessionPath, null, () => JSON.stringify({ no_of_face: 1 })),
  same_moment: flood(sessionPath, null, () => nextBatch(500, { timestamp: 1_900_000_000_000 })),
  late_frames: flood(sessionPath, null, () => nextBatch(5, { timestamp: Date.now() - 60_000 })),
  repeated_frames: flood(sessionPath, null, () => batch(frames(0, 500))),
  gaps: flood(sessionPath, null, (index) => batch(frames(index * 7, 1))),
  losses: flood(sessionPath, null, (index) =>
    JSON.stringify({ type: 'losses', counts: { outbox_full: index }, ranges: [] }),
  ),
  violations_in_frames: flood(sessionPath, null, (index) => nextBatch(20, { page_violations: violations(index) })),
  deep_json: flood(sessionPath, null, () => deep(200_000)),
  empty_messages: flood(sessionPath, null, () => ''),
  pings: flood(sessionPath, null, () => '{"type":"ping"}'),
  hellos: flood(sessionPath, null, () => JSON.stringify({ type: 'hello', client_time_ms: Date.now() })),
  pictures: flood(sessionPath, null, () =>
    JSON.stringify({ type: 'picture', timestamp: Date.now(), data: 'A'.repeat(10_000) }),
  ),
  exam_channel: flood(
    ({ token }) => `/api/v1/websocket/${examId}/ws?token=${token}`,
    null,
    () => '{"type":"heartbeat"}',
  ),
  reconnects: reconnects(sessionPath, () => JSON.stringify({ type: 'hello', client_time_ms: Date.now() })),
  exam_reconnects: reconnects(
    ({ token }) => `/api/v1/websocket/${examId}/ws?token=${token}`,
    () => null,
  ),
  presence_visits: reconnects(
    () => '/ws/presence',
    ({ token }) =>
      JSON.stringify({
        type: 'connect_request',
        payload: { token, agent_label: `l${Math.floor(Math.random() * 1000)}`, classroom_id: examId },
      }),
  ),
  unfinished_messages: unfinishedMessages,
  unfinished_requests: unfinishedRequests,
  pipelining,
  session_starts: requests(4, ({ memberId }) => [
    'POST',
    '/api/v1/session/start',
    { exam_id: examId, member_id: memberId },
  ]),
  reports: requests(4, ({ session }) => ['GET', `/api/v1/session/${session.sessionId}/report`]),
  analyses: requests(4, ({ session }) => ['POST', `/api/v1/session/${session.sessionId}/analyze`]),
  exports: requests(4, ({ memberId }) => ['GET', `/api/v1/students/${memberId}/export`]),
  answers: requests(8, (_student, index) => [
    'POST',
    `${answerPath}/answers`,
    { question_id: `q${index}`, question_number: 1, answer: 'a'.repeat(2000) },
  ]),
  highlights: requests(8, (_student, index) => [
    'POST',
    `${answerPath}/highlights`,
    { passage_id: 'p', text: `${index} ${'h'.repeat(2000)}` },
  ]),
  violations: requests(8, () => [
    'POST',
    `${answerPath}/violations`,
    { violation_type: 'TAB_SWITCH', timestamp: Date.now() },
  ]),
  long_urls: requests(4, () => ['GET', `/api/v1/exams/${'x'.repeat(12_000)}`]),
};
