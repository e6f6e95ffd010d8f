import { createApiClient } from '@invigil/protocol/client';
import type { components, paths } from '@invigil/protocol/client';
import { SignJWT } from 'jose';
import type { Settings } from './settings.ts';

/** The proctoring server refused a request. The message says why. */
class ProctoringError extends Error {
  override name = 'ProctoringError';
}

type Report = components['schemas']['Report'];
type NoticeAnswer = paths['/api/v1/exams/{exam_id}/notice']['get']['responses'][200];
type Notice = NoticeAnswer['content']['application/json'];

interface Problem {
  title?: string;
  detail?: string;
}

/** The answer's data, or an error with the server's reason. */
const dataOf = <T>(answer: { data?: T; error?: Problem; response: Response }): T => {
  if (answer.error === undefined && answer.data !== undefined) return answer.data;
  const { detail, title } = answer.error ?? {};
  throw new ProctoringError(detail ?? title ?? `the proctoring server answered ${answer.response.status}`);
};

/** What this exam needs from the proctoring server, with tokens that never leave this process. */
export class Proctoring {
  readonly #api;
  readonly #examId: string;
  #examReady: Promise<void> | null = null;

  constructor({ proctorUrl, jwtSecret, examId }: Settings) {
    this.#examId = examId;
    const key = new TextEncoder().encode(jwtSecret);
    this.#api = createApiClient({
      baseUrl: proctorUrl,
      token: () =>
        new SignJWT({ user_id: 'exam-server', role: 'ADMIN' })
          .setProtectedHeader({ alg: 'HS256' })
          .setExpirationTime('5m')
          .sign(key),
    });
  }

  /** At the first use, so that this server can start before the proctoring server. */
  #exam(): Promise<void> {
    this.#examReady ??= this.#createExam().catch((error: Error) => {
      this.#examReady = null;
      throw error;
    });
    return this.#examReady;
  }

  /** Creates the exam and starts it. If that was done before, nothing changes. */
  async #createExam(): Promise<void> {
    const organiser = { name: 'Northfield College', contact: 'exams@northfield.example' };
    const body = { exam_id: this.#examId, title: 'Geography exam', policy: { organiser } };
    const { error } = await this.#api.POST('/api/v1/exams', { body });
    if (error !== undefined && error.code !== 'ALREADY_EXISTS') throw new ProctoringError(error.detail);
    const params = { path: { exam_id: this.#examId } };
    // Each is refused with WRONG_STATUS if the exam is past this step.
    await this.#api.POST('/api/v1/exams/{exam_id}/open', { params });
    await this.#api.POST('/api/v1/exams/{exam_id}/start', { params });
  }

  /** The exam's rules, which the element shows before the student consents. */
  async notice(): Promise<Notice> {
    await this.#exam();
    const params = { path: { exam_id: this.#examId } };
    return dataOf(await this.#api.GET('/api/v1/exams/{exam_id}/notice', { params }));
  }

  /** Sends the student's request for help to the proctors, who see it on their page and can answer. */
  async askForHelp(studentId: string, text: string): Promise<void> {
    const params = { path: { exam_id: this.#examId } };
    const body = { kind: 'help' as const, student_id: studentId, text: text === '' ? null : text };
    dataOf(await this.#api.POST('/api/v1/exams/{exam_id}/requests', { params, body }));
  }

  /** Starts the student's session. If one is running, it continues: a student who comes back has one session, not two. */
  async start(studentId: string): Promise<{ sessionId: string; token: string }> {
    await this.#exam();
    const body = { exam_id: this.#examId, member_id: studentId };
    const session = dataOf(await this.#api.POST('/api/v1/session/start', { body }));
    return { sessionId: session.session_id, token: session.token };
  }

  /** A new token for the student's page. Earlier ones stay valid until they expire. */
  async renew(sessionId: string): Promise<string> {
    const params = { path: { session_id: sessionId } };
    return dataOf(await this.#api.POST('/api/v1/session/{session_id}/token', { params })).token;
  }

  /** Ends the session; its report is written then. Ending it again does nothing. */
  async end(sessionId: string): Promise<void> {
    const params = { path: { session_id: sessionId } };
    const { error } = await this.#api.POST('/api/v1/session/{session_id}/end', { params });
    if (error !== undefined) throw new ProctoringError(error.detail);
  }

  /** The session's report as it stands. */
  async report(sessionId: string): Promise<Report> {
    const params = { path: { session_id: sessionId } };
    const report = dataOf(await this.#api.GET('/api/v1/session/{session_id}/report', { params }));
    // The same address serves CSV and a flat form to clients that ask for them.
    if (typeof report === 'string' || !('coverage' in report))
      throw new ProctoringError('the report has another format');
    return report;
  }
}
