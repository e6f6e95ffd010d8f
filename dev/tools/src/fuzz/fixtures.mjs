import { tokenOf } from './tokens.mjs';

const frame = (seq) => ({
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

export const frames = (count, from = 0) => Array.from({ length: count }, (_, index) => frame(from + index));

/** The readings of a frame, without its identity. */
export const features = () => {
  const { seq: _seq, timestamp: _timestamp, ...readings } = frame(0);
  return readings;
};

/** What is behind the doors: an exam under way with a student in it. Mutated requests may end it; then another one is made. */
export class House {
  #ask;
  #houses = 0;

  constructor(ask) {
    this.#ask = ask;
  }

  static async build(ask) {
    const house = new House(ask);
    await house.rebuild();
    return house;
  }

  /** With other people, so that what is kept of one stays small. */
  async rebuild() {
    const [studentId, teacherId] = [`ada-${this.#houses}`, `teacher-${this.#houses}`];
    this.#houses += 1;
    const token = {
      teacher: await tokenOf(teacherId, 'TEACHER'),
      student: await tokenOf(studentId, 'STUDENT'),
      admin: await tokenOf('admin', 'ADMIN'),
    };
    const exam = await this.#demand(token.teacher, 'POST', '/api/v1/exams', { title: 'Physics', total_questions: 40 });
    const path = `/api/v1/exams/${exam.exam_id}`;
    await this.#demand(token.teacher, 'POST', `${path}/enrolments`, { students: [{ student_id: studentId }] });
    await this.#demand(token.teacher, 'POST', `${path}/open`);
    await this.#demand(token.teacher, 'POST', `${path}/start`);
    const session = await this.#begin(token, exam.exam_id, studentId);
    // Known to all only now, so that nobody ends it meanwhile.
    Object.assign(this, { token, studentId, teacherId, examId: exam.exam_id, pin: Number(exam.pin), ...session });
  }

  async newSession() {
    const { token, examId, studentId } = this;
    const session = await this.#begin(token, examId, studentId);
    if (this.examId === examId) Object.assign(this, session);
  }

  async #begin({ admin }, examId, studentId) {
    const body = { exam_id: examId, member_id: studentId };
    const session = await this.#demand(admin, 'POST', '/api/v1/session/start', body);
    return { sessionId: session.session_id, sessionToken: session.token };
  }

  async #demand(token, method, path, body) {
    const { status, text } = await this.#ask({ method, path, token, body: JSON.stringify(body) });
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 200)}`);
    return text === '' ? null : JSON.parse(text);
  }
}
