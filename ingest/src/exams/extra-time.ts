import type { ExtraTimeRequest } from '@invigil/protocol/channels';
import { isOver } from '../model/exam-status.ts';
import type { Session } from '../model/session.ts';
import type { ExamRecords } from '../records/exam-records.ts';
import type { ExamSetupRecords } from '../records/exam-setup-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { GuidanceRecords } from '../records/guidance-records.ts';
import type { SessionRecords } from '../records/session-records.ts';
import { isoTime } from '../time/iso-time.ts';
import { isOverFor } from './exam-end.ts';
import type { ExamEvents } from './exam-events.ts';
import { wrongStatus } from './exam-refusal.ts';
import type { Exams } from './exams.ts';

export interface ExtraTimeOptions {
  exams: Exams;
  timed: Pick<ExamRecords, 'timed'>;
  records: ExamSetupRecords;
  students: ExamStudentRecords;
  sessions: SessionRecords;
  audit: GuidanceRecords;
  events: ExamEvents;
  now: () => number;
}

/** More time for all students of an exam, or for some. The exam completes when the last student's time is up. */
export class ExtraTime {
  readonly #options: ExtraTimeOptions;

  constructor(options: ExtraTimeOptions) {
    this.#options = options;
  }

  /** @returns the number of students who got it @throws ExamRefusal WRONG_STATUS if the exam is over or has no time limit */
  async give(examId: string, { minutes, student_ids: chosen }: ExtraTimeRequest, actor: string): Promise<number> {
    const { exams, records, students, sessions, audit, events, now } = this.#options;
    const { status, durationMinutes } = await exams.get(examId);
    if (isOver(status)) throw wrongStatus(`the exam is ${status}`);
    if (durationMinutes === null) throw wrongStatus('the exam has no time limit');
    const given =
      chosen === undefined
        ? await this.#extendForAll(examId, minutes)
        : await students.addExtraTime(examId, chosen, minutes);
    const at = isoTime(now());
    const running = await sessions.runningOfExam(examId, chosen === undefined ? null : given);
    const sessionIds = running.map(({ sessionId }) => sessionId);
    await audit.addToMany(sessionIds, { examId, actor, at }, () => ({
      action: 'session.extra_time',
      detail: { minutes },
    }));
    await records.note(examId, { actor, at }, 'exam.extra_time', {
      minutes,
      student_ids: chosen === undefined ? null : given,
    });
    events.toTeachers(examId, { type: 'exam_changed', session_id: examId, timestamp: at });
    return given.length;
  }

  /** Running sessions whose student has run out of time although the exam continues for others. */
  async sessionsPastTheirEnd(): Promise<Session[]> {
    const { timed, students, sessions, now } = this.#options;
    const late: Session[] = [];
    for (const exam of await timed.timed()) {
      if (!isOverFor(exam, 0, now())) continue;
      const extra = new Map(
        (await students.list(exam.examId)).map(({ studentId, extraMinutes }) => [studentId, extraMinutes]),
      );
      for (const session of await sessions.runningOfExam(exam.examId, null)) {
        if (isOverFor(exam, extra.get(session.memberId ?? '') ?? 0, now())) late.push(session);
      }
    }
    return late;
  }

  async #extendForAll(examId: string, minutes: number): Promise<string[]> {
    const { records, students } = this.#options;
    if (!(await records.extend(examId, minutes))) throw wrongStatus('the exam is over or has no time limit');
    return (await students.list(examId)).map(({ studentId }) => studentId);
  }
}
