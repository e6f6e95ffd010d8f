import type { StoredFrame } from '@invigil/protocol/frame';
import { examChannel } from '../channels/exam.ts';
import { Attendance } from '../exams/attendance.ts';
import { endWork } from '../exams/end-work.ts';
import type { PolicyOf } from '../exams/exam-policies.ts';
import { ExamClosing } from '../exams/exam-closing.ts';
import { ExamEvents } from '../exams/exam-events.ts';
import { ExamLinks } from '../exams/exam-links.ts';
import { ExamRooms } from '../exams/exam-rooms.ts';
import { ExamSetup } from '../exams/exam-setup.ts';
import { ExamStatistics } from '../exams/exam-stats.ts';
import { ExamViolations } from '../exams/exam-violations.ts';
import { ExamWork } from '../exams/exam-work.ts';
import type { OnWork } from '../exams/exam-work.ts';
import { Exams } from '../exams/exams.ts';
import { ExtraTime } from '../exams/extra-time.ts';
import { StudentRequests } from '../exams/student-requests.ts';
import { SessionAttendance } from '../exams/session-attendance.ts';
import { examSetupRouter } from '../http/routes/exam-setup-router.ts';
import { examStudentRouter } from '../http/routes/exam-student-router.ts';
import { examRouter } from '../http/routes/exam-router.ts';
import { ExamStates } from '../exams/exam-states.ts';
import { examWorkRouter } from '../http/routes/exam-work-router.ts';
import { AttendanceRecords } from '../records/attendance-records.ts';
import { CameraLinkRecords } from '../records/camera-link-records.ts';
import { ExamLinkRecords } from '../records/exam-link-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamSetupRecords } from '../records/exam-setup-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import { ExamWorkRecords } from '../records/exam-work-records.ts';
import { ExtraTimeRecords } from '../records/extra-time-records.ts';
import { LtiAttemptRecords } from '../records/lti-attempt-records.ts';
import { StudentRequestRecords } from '../records/student-request-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import { webhookKeyFor, webhookSecretText } from '../webhooks/webhook-signature.ts';
import type { OnSessionConnected } from '../sessions/session-connection.ts';
import type { SessionEnding } from '../sessions/session-ending.ts';
import { composeBrowserGuard } from './browser-guard.ts';
import type { Authorization } from './authorization.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { ServerPart } from './server-part.ts';
import type { Announcements } from './webhook-announcements.ts';

export interface ExamsPart extends ServerPart {
  exams: Exams;
  onSessionConnected: OnSessionConnected;
  /** Hands in for a student who has finished elsewhere, and ends their running sessions. Idempotent. */
  endWork(examId: string, studentId: string): Promise<void>;
  /** Resolves when their violations are recorded. */
  onFramesStored(sessionId: string, frames: readonly StoredFrame[]): Promise<void>;
  /** Starts to complete exams whose time is up, and to end the sessions of exams that are over. */
  start(): void;
  /** Call after the gateway has closed, and before the bus and the records close. */
  close(): Promise<void>;
}

/** Exams: their life cycle, students' work and attendance, and the exam channel. */
export const composeExams = (
  infrastructure: Infrastructure,
  { authenticator, access, authorizer, links: tokens }: Authorization,
  ending: SessionEnding,
  announcements: Announcements,
  policyOf: PolicyOf,
  /** A student answered or handed in. */
  onWork: OnWork,
): ExamsPart => {
  const { config, heartbeat, database, bus, budget, storeClock, log, now } = infrastructure;
  const storeNow = storeClock.now;
  const onError = (error: unknown): void => log.warn({ event: 'exam.news_failed', error });
  const records = new ExamRecords(database);
  const students = new ExamStudentRecords(database);
  const workRecords = new ExamWorkRecords(database);
  const attendanceRecords = new AttendanceRecords(database);
  const sessions = new SessionRecords(database);
  const requestRecords = new StudentRequestRecords(database);
  const events = new ExamEvents(bus);
  const statistics = new ExamStatistics(students, workRecords, attendanceRecords);
  const attendance = new Attendance({ heartbeat, records: attendanceRecords, events, log, now });
  const exams = new Exams({ exams: records, students, attendance: attendanceRecords, events, now });
  const rooms = new ExamRooms({ bus, events, attendance, statistics, exams, statsMs: config.examStatsMs, log, now });
  const setupRecords = new ExamSetupRecords(database);
  const setup = new ExamSetup({ exams, records: setupRecords, students, events, now });
  const extraTimeRecords = new ExtraTimeRecords(database, announcements.guided);
  const timing = { exams, timed: records, records: extraTimeRecords, students, sessions, events, now };
  const extraTime = new ExtraTime(timing);
  const closing = new ExamClosing({ exams, sessions, ending, extraTime, log });
  exams.onOver(() => closing.look());
  const work = new ExamWork({ exams, students, work: workRecords, events, budget, now, storeNow, onError, onWork });
  const violations = new ExamViolations({ work: workRecords, sessions, events, budget, storeNow, log, onError });
  ending.observeEnds((session) => violations.atEnd(session));
  const requests = new StudentRequests({ exams, students, records: requestRecords, events, budget, now });
  const links = new ExamLinks({ exams, students, records: new ExamLinkRecords(database), tokens, now });
  const attempts = new LtiAttemptRecords(database);
  const sessionAttendance = new SessionAttendance(attendance, log);

  const states = new ExamStates({
    exams,
    records,
    students,
    work: workRecords,
    attendance: attendanceRecords,
    sessions,
    requests: requestRecords,
    cameras: new CameraLinkRecords(database),
    statistics,
    webhookSecretOf: (url) =>
      config.webhooks === null ? null : webhookSecretText(webhookKeyFor(config.webhooks.key, url)),
    now,
  });
  const { messageBytes } = config.connectionLimits;
  const { publicUrl } = config;
  return {
    exams,
    channels: [examChannel({ exams: records, rooms, attendance, access, authenticator, log, now })],
    mount(app) {
      app.use('/api/v1/exams', examRouter({ exams, states, authorizer, messageBytes, publicUrl }));
      app.use('/api/v1/exams', examSetupRouter({ exams, setup, extraTime, authorizer, messageBytes, publicUrl }));
      app.use(
        '/api/v1/exams',
        examStudentRouter({ exams, students, attempts, links, requests, authorizer, messageBytes, now }),
      );
      const browser = composeBrowserGuard(config, policyOf);
      app.use('/api/v1/exams', examWorkRouter({ exams, work, violations, authorizer, browser, messageBytes, now }));
    },
    onSessionConnected: (session) => ({ onHello: () => undefined, onClose: sessionAttendance.opened(session) }),
    endWork: (examId, studentId) => endWork({ work, sessions, ending }, examId, studentId),
    onFramesStored: (sessionId, frames) => violations.stored(sessionId, frames),
    start: () => closing.start(),
    async close() {
      await closing.close();
      work.close();
      await violations.close();
      await attendance.close();
      rooms.close();
    },
  };
};
