import type { SendRequest } from './http-client.ts';
import { tokenOf } from './tokens.ts';

const frame = (seq: number) => ({
  seq,
  timestamp: 1_767_600_000_000 + seq * 200,
  face_present: 1,
  no_of_face: 1,
  face_x: 320,
  face_y: 240,
  face_w: 150,
  face_h: 190,
  face_conf: 91,
  head_yaw: 0.1,
  head_pose: 'forward',
  gaze_direction: 'center',
  phone_present: 0,
  hand_count: 0,
  page_violations: [{ type: 'TAB_SWITCH', timestamp: 1_767_600_000_000 }],
  unknown: { hands: 'not_due' },
});

export const frames = (count: number, from = 0): object[] =>
  Array.from({ length: count }, (_, index) => frame(from + index));

/** The readings of a frame, without its identity. */
export const features = (): object => {
  const { seq: _seq, timestamp: _timestamp, ...readings } = frame(0);
  return readings;
};

type Tokens = Record<'teacher' | 'student' | 'admin', string>;

interface RunningSession {
  sessionId: string;
  sessionToken: string;
}

/** A running exam with one student in it: the entities that valid messages refer to. */
export interface RunningExam extends RunningSession {
  token: Tokens;
  studentId: string;
  teacherId: string;
  examId: string;
  pin: number;
}

const createExam = async (send: SendRequest, number: number): Promise<RunningExam> => {
  // Different people each time, so that the state kept for each of them stays small.
  const [studentId, teacherId] = [`ada-${number}`, `teacher-${number}`];
  const token = {
    teacher: await tokenOf(teacherId, 'TEACHER'),
    student: await tokenOf(studentId, 'STUDENT'),
    admin: await tokenOf('admin', 'ADMIN'),
  };
  const asTeacher = (path: string, body?: object) => sendValid(send, token.teacher, path, body);
  const exam = JSON.parse(await asTeacher('/api/v1/exams', { title: 'Physics', total_questions: 40 })) as {
    exam_id: string;
    pin: string;
  };
  const path = `/api/v1/exams/${exam.exam_id}`;
  await asTeacher(`${path}/enrolments`, { students: [{ student_id: studentId }] });
  await asTeacher(`${path}/open`);
  await asTeacher(`${path}/start`);
  const session = await startSession(send, token, exam.exam_id, studentId);
  return { token, studentId, teacherId, examId: exam.exam_id, pin: Number(exam.pin), ...session };
};

const startSession = async (
  send: SendRequest,
  { admin }: Tokens,
  examId: string,
  studentId: string,
): Promise<RunningSession> => {
  const body = { exam_id: examId, member_id: studentId };
  const session = JSON.parse(await sendValid(send, admin, '/api/v1/session/start', body)) as {
    session_id: string;
    token: string;
  };
  return { sessionId: session.session_id, sessionToken: session.token };
};

const sendValid = async (send: SendRequest, token: string, path: string, body?: object): Promise<string> => {
  const { status, text } = await send({ method: 'POST', path, token, body: body && JSON.stringify(body) });
  if (status >= 300) throw new Error(`POST ${path}: ${status} ${text.slice(0, 200)}`);
  return text;
};

/** Keeps one exam running. Mutated requests may end it; {@link Fixtures.replace} then makes another one. */
export class Fixtures {
  readonly #send: SendRequest;
  #exams = 1;
  /** Updated in place, so that workers in the middle of a connection see the new exam. */
  readonly current: RunningExam;

  private constructor(send: SendRequest, first: RunningExam) {
    this.#send = send;
    this.current = first;
  }

  static async create(send: SendRequest): Promise<Fixtures> {
    return new Fixtures(send, await createExam(send, 0));
  }

  async replace(): Promise<void> {
    // Published only when complete, so that no worker ends it before.
    Object.assign(this.current, await createExam(this.#send, this.#exams++));
  }

  async startSession(): Promise<void> {
    const { token, examId, studentId } = this.current;
    const session = await startSession(this.#send, token, examId, studentId);
    if (this.current.examId === examId) Object.assign(this.current, session);
  }
}
