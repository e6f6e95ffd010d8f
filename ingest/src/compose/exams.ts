import type { StoredFrame } from '@invigil/protocol/frame';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { AccessControl } from '../auth/access.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Bus } from '../bus/bus.ts';
import { examChannel } from '../channels/exam.ts';
import type { Config } from '../config.ts';
import { Attendance } from '../exams/attendance.ts';
import { ExamClosing } from '../exams/exam-closing.ts';
import { ExamEvents } from '../exams/exam-events.ts';
import { ExamRooms } from '../exams/exam-rooms.ts';
import { ExamStatistics } from '../exams/exam-stats.ts';
import { ExamViolations } from '../exams/exam-violations.ts';
import { ExamWork } from '../exams/exam-work.ts';
import { Exams } from '../exams/exams.ts';
import { SessionAttendance } from '../exams/session-attendance.ts';
import type { Authorizer } from '../http/middleware/authorize.ts';
import { examRouter } from '../http/routes/exam-router.ts';
import { ExamStates } from '../exams/exam-states.ts';
import { examWorkRouter } from '../http/routes/exam-work-router.ts';
import type { Channel } from '../realtime/channel.ts';
import { AttendanceRecords } from '../records/attendance-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import { ExamWorkRecords } from '../records/exam-work-records.ts';
import type { RecordsDatabase } from '../records/records-database.ts';
import { SessionRecords } from '../records/session-records.ts';
import type { ReplicaHeartbeat } from '../replicas/replica-heartbeat.ts';
import type { SessionEnding } from '../sessions/session-ending.ts';
import type { Session } from '../model/session.ts';

export interface ExaminingOptions {
  config: Pick<Config, 'connectionLimits' | 'examStatsMs'>;
  heartbeat: ReplicaHeartbeat;
  database: RecordsDatabase;
  bus: Bus;
  authenticator: Authenticator;
  access: AccessControl;
  authorizer: Authorizer;
  ending: SessionEnding;
  log: Logger;
  now: () => number;
}

/** Exams, put together. */
export interface Examining {
  exams: Exams;
  channels: readonly Channel[];
  mount(app: Express): void;
  /** Begins to complete what is over; nothing does before. */
  start(): void;
  /** A student's connection on the session channel is there. @returns what to call when it is gone. */
  sessionOpened(session: Session): () => void;
  framesStored(sessionId: string, frames: readonly StoredFrame[]): void;
  /** After the gateway has closed, before the bus and the records do. */
  close(): Promise<void>;
}

export const createExamining = (options: ExaminingOptions): Examining => {
  const { config, heartbeat, database, bus, authenticator, access, authorizer, ending, log, now } = options;
  const onError = (error: unknown): void => log.warn({ event: 'exam.news_failed', error });
  const records = new ExamRecords(database);
  const students = new ExamStudentRecords(database);
  const workRecords = new ExamWorkRecords(database);
  const attendanceRecords = new AttendanceRecords(database);
  const sessions = new SessionRecords(database);

  const events = new ExamEvents(bus);
  const statistics = new ExamStatistics(students, workRecords, attendanceRecords);
  const attendance = new Attendance({ heartbeat, records: attendanceRecords, events, log, now });
  const rooms = new ExamRooms({ bus, events, attendance, statistics, statsMs: config.examStatsMs, log, now });
  const onOver = (): void => closing.look();
  const exams = new Exams({ exams: records, students, attendance: attendanceRecords, events, now, onOver });
  const closing = new ExamClosing({ exams, sessions, ending, log });
  const work = new ExamWork({ exams, students, work: workRecords, events, now, onError });
  const violations = new ExamViolations({ work: workRecords, sessions, events, now, onError });
  const sessionAttendance = new SessionAttendance(attendance, log);

  const states = new ExamStates({
    exams,
    records,
    students,
    work: workRecords,
    attendance: attendanceRecords,
    sessions,
    statistics,
    now,
  });
  const { messageBytes } = config.connectionLimits;
  return {
    exams,
    channels: [examChannel({ exams: records, rooms, attendance, access, authenticator, log, now })],
    mount(app) {
      app.use('/api/v1/exams', examRouter({ exams, states, authorizer, messageBytes }));
      app.use('/api/v1/exams', examWorkRouter({ exams, work, violations, authorizer, messageBytes, now }));
    },
    start: () => closing.start(),
    sessionOpened: (session) => sessionAttendance.opened(session),
    framesStored: (sessionId, frames) => violations.stored(sessionId, frames),
    async close() {
      await closing.close();
      work.close();
      violations.close();
      await attendance.close();
      rooms.close();
    },
  };
};
