import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ExamStudent, StudentRequest } from '../model/exam.ts';
import type { ExamStatistics } from './exam-stats.ts';
import type { Exams } from './exams.ts';
import type { AttendanceRecords } from '../records/attendance-records.ts';
import type { CameraLinkRecords } from '../records/camera-link-records.ts';
import type { ExamRecords } from '../records/exam-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { ExamWorkRecords, ViolationCount } from '../records/exam-work-records.ts';
import type { ListedSession, SessionRecords } from '../records/session-records.ts';
import type { StudentRequestRecords } from '../records/student-request-records.ts';
import { examBody } from './exam-body.ts';
import { isoTime } from '../time/iso-time.ts';

export interface ExamStatesOptions {
  exams: Exams;
  records: ExamRecords;
  students: ExamStudentRecords;
  work: ExamWorkRecords;
  attendance: AttendanceRecords;
  sessions: SessionRecords;
  requests: StudentRequestRecords;
  cameras: Pick<CameraLinkRecords, 'sessionsWithPhone'>;
  statistics: ExamStatistics;
  /** The secret that signs webhooks to an exam's own address; null if none are sent. */
  webhookSecretOf: (url: string) => string | null;
  now: () => number;
}

/** Sessions of a student that an exam's state lists. A student usually has one. */
const shownSessions = 20;
const studentsPerQuery = 100;

const progressBody = ({ progress }: ExamStudent) =>
  progress === null
    ? null
    : {
        passage_index: progress.passageIndex,
        question_index: progress.questionIndex,
        question_number: progress.questionNumber,
      };

const submissionBody = ({ submission }: ExamStudent) =>
  submission === null
    ? null
    : {
        submitted_at: submission.submittedAt,
        score: submission.score,
        time_taken_seconds: submission.timeTakenSeconds,
      };

const checkBody = ({ check }: ExamStudent) =>
  check === null ? null : { items: check.items, calibrated: check.calibrated, checked_at: check.checkedAt };

const requestBody = (request: StudentRequest) => ({
  request_id: request.requestId,
  kind: request.kind,
  student_id: request.studentId,
  text: request.text,
  at: request.at,
  done_at: request.doneAt,
  done_by: request.doneBy,
});

const sittingBody = (
  { sessionId, status, startedAt, endedAt, hasFrames, coverage }: ListedSession,
  showsCoverage: boolean,
) => ({
  session_id: sessionId,
  status,
  started_at: startedAt,
  ended_at: endedAt,
  has_frames: hasFrames,
  coverage: showsCoverage ? coverage : null,
});

/** The whole state of an exam, for clients that (re)connect: the channel's events report changes only. */
export class ExamStates {
  readonly #options: ExamStatesOptions;

  constructor(options: ExamStatesOptions) {
    this.#options = options;
  }

  async forTeacher(examId: string) {
    const { exams, records, students, work, attendance, requests, cameras, statistics } = this.#options;
    const exam = await exams.get(examId);
    const [teachers, listed, connected, answered, violations, requested, phones, stats] = await Promise.all([
      records.teachersOf(examId),
      students.list(examId),
      attendance.connectedStudents(examId),
      work.answerCounts(examId),
      work.violationCounts(examId, null),
      requests.list(examId),
      cameras.sessionsWithPhone(examId),
      statistics.of(examId),
    ]);
    const isConnected = new Set(connected);
    const violationsOf = new Map<string, ViolationCount[]>();
    for (const count of violations) {
      const known = violationsOf.get(count.studentId);
      if (known === undefined) violationsOf.set(count.studentId, [count]);
      else known.push(count);
    }
    const sessionsOf = await this.#newestSessions(
      examId,
      listed.map(({ studentId }) => studentId),
    );
    // Coverage is part of the live view.
    const showsCoverage = exam.policy.live_view !== 'none';
    return {
      ...examBody(exam),
      webhook_secret: exam.policy.webhook_url === null ? null : this.#options.webhookSecretOf(exam.policy.webhook_url),
      server_time: this.#nowIso(),
      teachers,
      students: listed.map((student) => ({
        student_id: student.studentId,
        student_name: student.studentName ?? student.studentId,
        joined_at: student.joinedAt,
        connected: isConnected.has(student.studentId),
        progress: progressBody(student),
        answered_questions: answered.get(student.studentId) ?? 0,
        violations: Object.fromEntries(
          (violationsOf.get(student.studentId) ?? []).map(({ type, violations: count }) => [type, count]),
        ),
        submission: submissionBody(student),
        check: checkBody(student),
        extra_minutes: student.extraMinutes,
        phone_camera: (sessionsOf.get(student.studentId) ?? []).some(
          ({ sessionId, status }) => status === 'running' && phones.has(sessionId),
        ),
        sessions: (sessionsOf.get(student.studentId) ?? []).map((session) => sittingBody(session, showsCoverage)),
      })),
      requests: requested.map(requestBody),
      stats,
    };
  }

  /** The newest sessions of each student, oldest first; read in batches of students, so that a large exam does not block the event loop. */
  async #newestSessions(examId: string, studentIds: readonly string[]): Promise<Map<string, ListedSession[]>> {
    const found = new Map<string, ListedSession[]>();
    for (let from = 0; from < studentIds.length; from += studentsPerQuery) {
      const some = studentIds.slice(from, from + studentsPerQuery);
      for (const session of await this.#options.sessions.newestOfExam(examId, some, shownSessions)) {
        const memberId = session.memberId ?? '';
        const known = found.get(memberId);
        if (known === undefined) found.set(memberId, [session]);
        else known.push(session);
      }
      await nextTurn();
    }
    return found;
  }

  /** The student's own part, and only the number of other students. */
  async forStudent(examId: string, studentId: string) {
    const { exams, students, work, attendance } = this.#options;
    const { pin: _pin, created_by: _createdBy, ...exam } = examBody(await exams.get(examId));
    const [student, answers, highlights, connected] = await Promise.all([
      students.find(examId, studentId),
      work.answers(examId, studentId),
      work.highlights(examId, studentId),
      attendance.connectedStudents(examId),
    ]);
    return {
      ...exam,
      // The webhook address is only for the exam's teachers.
      policy: { ...exam.policy, webhook_url: null },
      server_time: this.#nowIso(),
      connected_count: connected.length,
      attempt:
        student === null
          ? null
          : {
              student_id: studentId,
              student_name: student.studentName ?? studentId,
              joined_at: student.joinedAt,
              progress: progressBody(student),
              answers: answers.map(({ questionId, questionNumber, answer, answeredAt }) => ({
                question_id: questionId,
                question_number: questionNumber,
                answer,
                answered_at: answeredAt,
              })),
              highlights: highlights.map(({ passageId, text, at }) => ({ passage_id: passageId, text, at })),
              submission: submissionBody(student),
              check: checkBody(student),
              extra_minutes: student.extraMinutes,
            },
    };
  }

  #nowIso(): string {
    return isoTime(this.#options.now());
  }
}
