/**
 * Students without cameras: each is a real connection of the session channel with readings made up here. For pictures and
 * measurements of the wall; what they say is no measurement of anything.
 */
import { once } from 'node:events';
import { WebSocket } from 'ws';

const everyMs = 1000;
/** Students who begin at the same time. */
const atATime = 10;

/** A reading of a calm student, unless `event` says otherwise. */
const readingOf = (seq, phase, event) => ({
  seq,
  timestamp: Date.now(),
  face_present: event === 'absent' ? 0 : 1,
  no_of_face: event === 'absent' ? 0 : 1,
  head_yaw: event === 'absent' ? null : Math.sin(seq / 7 + phase) * 0.2,
  head_pitch: event === 'absent' ? null : Math.cos(seq / 9 + phase) * 0.1,
  gaze_direction: event === 'absent' ? null : ['center', 'center', 'left', 'bottom', 'center'][(seq + phase) % 5],
  phone_present: event === 'phone' ? 1 : 0,
  phone_conf: event === 'phone' ? 82 : 4,
  hand_count: (seq + phase) % 3,
  image_brightness: 0.5,
  engine_latency_ms: 60,
  ...(event === 'covered' ? { no_of_face: null, face_present: null, not_observed: 'obstructed' } : {}),
});

const post = async (url, body) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
};

/**
 * @param {{serverUrl: string, examId: string, memberIds: string[]}} options
 * @returns the students; `event(index)` says what a student does, `leave` cuts connections, `stop` ends it all.
 */
export const simulateStudents = async ({ serverUrl, examId, memberIds }) => {
  /** @type {Awaited<ReturnType<typeof begin>>[]} */
  const students = [];
  const begin = async (memberId, index) => {
    const started = await post(`${serverUrl}/api/v1/session/start`, { exam_id: examId, member_id: memberId });
    const socket = new WebSocket(`${started.ws_url}?token=${started.token}`);
    await once(socket, 'open');
    return {
      memberId,
      sessionId: started.session_id,
      socket,
      seq: 0,
      phase: index,
      event: /** @type {string | null} */ (null),
    };
  };
  for (let from = 0; from < memberIds.length; from += atATime) {
    const some = memberIds.slice(from, from + atATime);
    students.push(...(await Promise.all(some.map((memberId, index) => begin(memberId, from + index)))));
  }
  let sent = 0;
  const sendAll = (from, to) => {
    for (const student of students.slice(from, to)) {
      if (student.socket.readyState !== WebSocket.OPEN) continue;
      const frames = [readingOf(student.seq++, student.phase, student.event)];
      student.socket.send(JSON.stringify({ type: 'batch', frames, chain: null }));
      sent += 1;
    }
  };
  // Spread over the second, as those of real students are.
  const parts = Math.min(20, students.length);
  let part = 0;
  const timer = setInterval(() => {
    sendAll(Math.floor((part * students.length) / parts), Math.floor(((part + 1) * students.length) / parts));
    part = (part + 1) % parts;
  }, everyMs / parts);
  return {
    students,
    sent: () => sent,
    stop() {
      clearInterval(timer);
      for (const { socket } of students) socket.terminate();
    },
  };
};
