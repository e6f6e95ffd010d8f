/**
 * Students without cameras, each with a real connection of the session channel and generated readings. They fill the proctor's
 * wall for screenshots and for measurements of the wall; their readings measure nothing.
 */
import { once } from 'node:events';
import { WebSocket } from 'ws';

const periodMs = 1000;
/** Students who connect at the same time. */
const groupSize = 10;
const groupsPerPeriod = 20;

export type StudentEvent = 'absent' | 'phone' | 'covered';

export interface SimulatedStudent {
  memberId: string;
  sessionId: string;
  socket: WebSocket;
  seq: number;
  phase: number;
  /** What the readings show; null for an uneventful session. */
  event: StudentEvent | null;
}

const gazeDirections = ['center', 'center', 'left', 'bottom', 'center'];

const readingOf = ({ seq, phase, event }: SimulatedStudent, nowMs: number): object => ({
  seq,
  timestamp: nowMs,
  face_present: event === 'absent' ? 0 : 1,
  no_of_face: event === 'absent' ? 0 : 1,
  head_yaw: event === 'absent' ? null : Math.sin(seq / 7 + phase) * 0.2,
  head_pitch: event === 'absent' ? null : Math.cos(seq / 9 + phase) * 0.1,
  gaze_direction: event === 'absent' ? null : gazeDirections[(seq + phase) % gazeDirections.length],
  phone_present: event === 'phone' ? 1 : 0,
  phone_conf: event === 'phone' ? 82 : 4,
  hand_count: (seq + phase) % 3,
  image_brightness: 0.5,
  engine_latency_ms: 60,
  ...(event === 'covered' ? { no_of_face: null, face_present: null, not_observed: 'obstructed' } : {}),
});

interface StartedSession {
  session_id: string;
  ws_url: string;
  token: string;
}

const startSession = async (
  { serverUrl, examId, headers }: Pick<ClassOptions, 'serverUrl' | 'examId' | 'headers'>,
  memberId: string,
): Promise<StartedSession> => {
  const response = await fetch(`${serverUrl}/api/v1/session/start`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ exam_id: examId, member_id: memberId }),
  });
  if (!response.ok) throw new Error(`session/start: ${response.status} ${await response.text()}`);
  return (await response.json()) as StartedSession;
};

export interface SimulatedClass {
  /** In the order of the member ids. Set `event` to change what a student does. */
  students: SimulatedStudent[];
  /** Frames sent so far. */
  sent(): number;
  /** Cuts all connections. */
  stop(): void;
}

interface ClassOptions {
  serverUrl: string;
  examId: string;
  memberIds: readonly string[];
  /** Of the requests that start sessions; default: none, for AUTH=dev. */
  headers?: Record<string, string>;
  /** The students' clock, milliseconds since the Unix epoch. */
  now?: () => number;
}

/** Connects a student for each member id. Each sends one frame a second. */
export const simulateStudents = async (options: ClassOptions): Promise<SimulatedClass> => {
  const { memberIds, now = Date.now } = options;
  const students: SimulatedStudent[] = [];
  const join = async (memberId: string, phase: number): Promise<SimulatedStudent> => {
    const { session_id: sessionId, ws_url: url, token } = await startSession(options, memberId);
    const socket = new WebSocket(`${url}?token=${token}`);
    await once(socket, 'open');
    return { memberId, sessionId, socket, seq: 0, phase, event: null };
  };
  for (let from = 0; from < memberIds.length; from += groupSize) {
    const group = memberIds.slice(from, from + groupSize);
    students.push(...(await Promise.all(group.map((memberId, index) => join(memberId, from + index)))));
  }
  let sent = 0;
  const sendFrames = (group: readonly SimulatedStudent[]): void => {
    for (const student of group) {
      if (student.socket.readyState !== WebSocket.OPEN) continue;
      const frames = [readingOf(student, now())];
      student.seq += 1;
      student.socket.send(JSON.stringify({ type: 'batch', frames, chain: null }));
      sent += 1;
    }
  };
  // Spread over the second, as those of real students are.
  const groups = Math.min(groupsPerPeriod, students.length);
  let group = 0;
  const timer = setInterval(() => {
    const edge = (index: number): number => Math.floor((index * students.length) / groups);
    sendFrames(students.slice(edge(group), edge(group + 1)));
    group = (group + 1) % groups;
  }, periodMs / groups);
  return {
    students,
    sent: () => sent,
    stop() {
      clearInterval(timer);
      for (const { socket } of students) socket.terminate();
    },
  };
};
