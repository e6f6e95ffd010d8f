import { vi } from 'vitest';
import type { FeatureFrame } from '@invigil/protocol/frame';
import type { Report } from '@invigil/protocol/report';
import { clockOf, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestAnswer, TestServer } from '@invigil/testkit/server/ingest-server';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';

/** A face whose readings vary like those of a living person. */
export const lively = (seq: number, timestamp: number, extra: Partial<FeatureFrame> = {}): FeatureFrame => ({
  seq,
  timestamp,
  face_present: 1,
  no_of_face: 1,
  face_x: 320 + 9 * Math.sin(seq * 1.7) + 4 * Math.sin(seq * 0.31),
  face_y: 240 + 7 * Math.sin(seq * 2.3),
  face_w: 200 + 5 * Math.sin(seq * 0.9),
  face_h: 220 + 5 * Math.sin(seq * 1.1),
  head_yaw: 0.05 * Math.sin(seq * 1.3),
  head_pitch: 0.04 * Math.sin(seq * 0.7),
  head_roll: 0.02 * Math.sin(seq * 2.1),
  phone_present: 0,
  image_width: 640,
  image_height: 480,
  ...extra,
});

export const phone: Partial<FeatureFrame> = { phone_present: 1, phone_conf: 95 };

/** `count` frames from `fromMs` on, five a second. */
export const stretch = (
  seq: number,
  fromMs: number,
  count: number,
  extra: Partial<FeatureFrame> = {},
): FeatureFrame[] => Array.from({ length: count }, (_, at) => lively(seq + at, fromMs + at * 200, extra));

/** A clock for server and clients of this process. Starts at the present, so that tokens stay valid. */
export const fakeClock = () => {
  let nowMs = Date.now();
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
  return {
    now: () => nowMs,
    advance: (ms: number): number => (nowMs += ms),
  };
};

export type Clock = ReturnType<typeof fakeClock>;

const demandStatus = ({ status, text }: TestAnswer, expected: number): void => {
  if (status !== expected) throw new Error(`${status} instead of ${expected}: ${text}`);
};

/** One student's session, over HTTP requests only. */
export class Student {
  readonly sessionId: string;
  readonly #exam: ExamFixture;
  readonly #id: string;
  readonly token: string;
  readonly #token: Record<string, string>;

  constructor(exam: ExamFixture, id: string, started: { session_id: string; token: string }) {
    this.#exam = exam;
    this.#id = id;
    this.sessionId = started.session_id;
    this.token = started.token;
    this.#token = bearer(started.token);
  }

  send(message: object): Promise<TestAnswer> {
    const body = { session_id: this.sessionId, ...message };
    return this.#exam.server.ask('POST', '/api/v1/session/ws/fallback', body, this.#token);
  }

  /** Sends frames; fails unless they are stored and acknowledged. */
  async frames(frames: readonly object[], extra: object = {}): Promise<void> {
    const answer = await this.send({ type: 'batch', frames, ...extra });
    demandStatus(answer, 200);
    if (answer.json.messages.at(-1)?.type !== 'ack') throw new Error(`not acknowledged: ${answer.text}`);
  }

  answer(questionNumber: number, text = 'an answer', chain?: string): Promise<TestAnswer> {
    const body = {
      question_id: `q${questionNumber}`,
      question_number: questionNumber,
      answer: text,
      ...(chain === undefined ? {} : { chain }),
    };
    return this.#exam.server.ask('POST', `/api/v1/exams/${this.#exam.examId}/answers`, body, this.#token);
  }

  handIn(): Promise<TestAnswer> {
    return this.#exam.server.ask('POST', `/api/v1/exams/${this.#exam.examId}/submission`, {}, this.#token);
  }

  async end(): Promise<void> {
    const answer = await this.#exam.server.ask('POST', `/api/v1/session/${this.sessionId}/end`, undefined, this.#token);
    demandStatus(answer, 204);
  }

  /** The report as the teacher sees it. */
  async report(query = ''): Promise<Report> {
    return (await this.reportAnswer(query)).json as Report;
  }

  async reportAnswer(query = ''): Promise<TestAnswer> {
    const path = `/api/v1/session/${this.sessionId}/report${query}`;
    const answer = await this.#exam.server.ask('GET', path, undefined, this.#exam.teacher);
    demandStatus(answer, 200);
    return answer;
  }

  /** Ends the session and reads the report. */
  async finalReport(): Promise<Report> {
    await this.end();
    return this.report();
  }

  /** The session that a new start request returns. */
  restart(): Promise<Student> {
    return this.#exam.student(this.#id);
  }
}

/** A running exam on a server of its own, with a teacher. */
export class ExamFixture {
  readonly server: TestServer;
  readonly examId: string;
  readonly teacher: Record<string, string>;

  private constructor(server: TestServer, examId: string, teacher: Record<string, string>) {
    this.server = server;
    this.examId = examId;
    this.teacher = teacher;
  }

  static async open(
    policy: object = {},
    {
      environment = {},
      examId = 'physics',
      server,
    }: { environment?: Record<string, string>; examId?: string; server?: TestServer } = {},
  ): Promise<ExamFixture> {
    // If a test uses `fakeClock`, the server uses the same clock.
    const clock = clockOf(() => Date.now());
    const own =
      server ?? (await startServer({ AUTH: 'jwt', JWT_SECRET: jwtSecret, ...environment }, {}, undefined, clock));
    const exam = new ExamFixture(own, examId, bearer(await tokenOf('tina', 'TEACHER', '40d')));
    await exam.teach('', { exam_id: examId, title: examId, policy });
    await exam.teach(`/${examId}/open`);
    await exam.teach(`/${examId}/start`);
    return exam;
  }

  /** Sends a request to the exam API as the teacher. */
  async teach(path: string, body?: object): Promise<TestAnswer> {
    const answer = await this.server.ask('POST', `/api/v1/exams${path}`, body, this.teacher);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer;
  }

  /** Types of the alerts that a session has raised, as its report lists them. */
  async alerts(sessionId: string): Promise<string[]> {
    const answer = await this.server.ask('GET', `/api/v1/session/${sessionId}/report`, undefined, this.teacher);
    const { alerts = [] } = answer.json as Report;
    return alerts.map(({ type }) => type);
  }

  /** Enrols the student, if necessary, and starts their session. */
  async student(id: string): Promise<Student> {
    const students = [{ student_id: id, student_name: id }];
    await this.teach(`/${this.examId}/enrolments`, { students });
    const token = bearer(await tokenOf(id, 'STUDENT', '40d'));
    const body = { exam_id: this.examId, member_id: id };
    const answer = await this.server.ask('POST', '/api/v1/session/start', body, token);
    demandStatus(answer, 201);
    return new Student(this, id, answer.json);
  }
}

/** The parts of a report that must not be lost: each observation with its times, and the unobserved time. */
export const kept = ({ observations, coverage }: Report) => ({
  observations: observations.map(({ id, type, from_ms, to_ms }) => ({ id, type, from_ms, to_ms })),
  missing_s: coverage === null ? 0 : coverage.duration_s - coverage.observed_s,
  live_s: coverage?.live_s ?? 0,
});
