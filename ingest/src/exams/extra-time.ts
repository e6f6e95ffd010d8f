import type { ExtraTimeRequest } from '@invigil/protocol/channels';
import { isOver } from '../model/exam-status.ts';
import type { Session } from '../model/session.ts';
import type { ExamRecords } from '../records/exam-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { ExtraTimeRecords } from '../records/extra-time-records.ts';
import type { SessionRecords } from '../records/session-records.ts';
import { isoTime } from '../time/iso-time.ts';
import { endsAtMs, isOverFor } from './exam-end.ts';
import type { ExamEvents } from './exam-events.ts';
import { wrongStatus } from './exam-refusal.ts';
import type { Exams } from './exams.ts';

export interface ExtraTimeOptions {
  exams: Exams;
  timed: Pick<ExamRecords, 'timed'>;
  records: ExtraTimeRecords;
  students: ExamStudentRecords;
  sessions: SessionRecords;
  events: ExamEvents;
  now: () => number;
}

/** More time for all students of an exam, or for some. The exam completes when the last student's time is up. */
export class ExtraTime {
  readonly #options: ExtraTimeOptions;

  constructor(options: ExtraTimeOptions) {
    this.#options = options;
  }

  /**
   * @returns the number of students who got it
   * @throws ExamRefusal WRONG_STATUS if the exam is over, has no time limit, or would end at once
   */
  async give(examId: string, request: ExtraTimeRequest, actor: string): Promise<number> {
    const { exams, records, events, now } = this.#options;
    const { minutes, student_ids: chosen, request_id: requestId } = request;
    const exam = await exams.get(examId);
    if (isOver(exam.status)) throw wrongStatus(`the exam is ${exam.status}`);
    if (exam.durationMinutes === null) throw wrongStatus('the exam has no time limit');
    const newEndMs = endsAtMs(exam, minutes);
    const endsAtOnce = minutes < 0 && chosen === undefined && newEndMs !== null && newEndMs <= now();
    if (endsAtOnce) throw wrongStatus(`${-minutes} minutes less would end the exam at once; complete it instead`);
    const at = isoTime(now());
    const given = { examId, minutes, studentIds: chosen ?? null, requestId: requestId ?? null, actor, at };
    const students = await records.give(given);
    if (students === 'refused') throw wrongStatus('the exam is over, or would be shorter than a minute');
    events.toTeachers(examId, { type: 'exam_changed', session_id: examId, timestamp: at });
    return students;
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
}
