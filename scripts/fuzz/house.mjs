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
  #tokens;

  constructor(ask, tokens) {
    this.#ask = ask;
    this.#tokens = tokens;
  }

  static async build(ask) {
    const tokens = {
      teacher: await tokenOf('teacher', 'TEACHER'),
      ada: await tokenOf('ada', 'STUDENT'),
      admin: await tokenOf('admin', 'ADMIN'),
    };
    const house = new House(ask, tokens);
    await house.rebuild();
    return house;
  }

  async rebuild() {
    const { teacher } = this.#tokens;
    const exam = await this.#demand(teacher, 'POST', '/api/v1/exams', { title: 'Physics', total_questions: 40 });
    const path = `/api/v1/exams/${exam.exam_id}`;
    await this.#demand(teacher, 'POST', `${path}/enrolments`, { students: [{ student_id: 'ada' }] });
    await this.#demand(teacher, 'POST', `${path}/open`);
    await this.#demand(teacher, 'POST', `${path}/start`);
    const session = await this.#begin(exam.exam_id);
    // Known to all only now, so that nobody ends it meanwhile.
    this.examId = exam.exam_id;
    this.pin = Number(exam.pin);
    this.#enter(session);
  }

  async newSession() {
    this.#enter(await this.#begin(this.examId));
  }

  #begin(examId) {
    const body = { exam_id: examId, member_id: 'ada' };
    return this.#demand(this.#tokens.admin, 'POST', '/api/v1/session/start', body);
  }

  #enter({ session_id: sessionId, token }) {
    this.sessionId = sessionId;
    this.sessionToken = token;
  }

  get token() {
    return this.#tokens;
  }

  async #demand(token, method, path, body) {
    const { status, text } = await this.#ask({ method, path, token, body: JSON.stringify(body) });
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 200)}`);
    return text === '' ? null : JSON.parse(text);
  }
}
