import { randomUUID } from 'node:crypto';
import type { CheckResults, StudentRequestBody } from '@invigil/protocol/channels';
import { budgetTable } from '../budget/budget-table.ts';
import type { UsageBudget } from '../budget/usage-budget.ts';
import { isOver } from '../model/exam-status.ts';
import type { StudentRequest } from '../model/exam.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { StudentRequestRecords } from '../records/student-request-records.ts';
import { isoTime } from '../time/iso-time.ts';
import type { ExamEvents } from './exam-events.ts';
import { ExamRefusal, noSuchExam, overBudget, wrongStatus } from './exam-refusal.ts';
import type { Exams } from './exams.ts';

export interface StudentRequestsOptions {
  exams: Exams;
  students: ExamStudentRecords;
  records: StudentRequestRecords;
  events: ExamEvents;
  budget: Pick<UsageBudget, 'refused'>;
  now: () => number;
}

/** Camera checks before the exam, and students’ requests for help or erasure. */
export class StudentRequests {
  readonly #options: StudentRequestsOptions;

  constructor(options: StudentRequestsOptions) {
    this.#options = options;
  }

  /**
   * @returns when it was checked. @throws ExamRefusal WRONG_STATUS once the exam is over, NOT_FOUND for a student who is not enrolled
   */
  async check(examId: string, studentId: string, results: CheckResults): Promise<string> {
    const { exams, students, now } = this.#options;
    const { status } = await exams.get(examId);
    if (isOver(status)) throw wrongStatus(`the exam is ${status}`);
    const at = isoTime(now());
    if (!(await students.saveCheck(examId, studentId, results, at))) throw noSuchExam();
    return at;
  }

  /**
   * Recorded first, then published to the exam's teachers.
   * @throws ExamRefusal ACCESS_DENIED for a request for help if the exam's policy allows none
   */
  async ask(examId: string, studentId: string, { kind, text }: StudentRequestBody): Promise<StudentRequest> {
    const { exams, students, records, events, budget, now } = this.#options;
    const student = await students.find(examId, studentId);
    if (student === null) throw noSuchExam();
    if (kind === 'help' && !(await exams.get(examId)).policy.chat)
      throw new ExamRefusal('ACCESS_DENIED', 'in this exam, students cannot write to proctors');
    const at = isoTime(now());
    const request: StudentRequest = { requestId: randomUUID(), kind, studentId, text, at, doneAt: null, doneBy: null };
    const { limit } = budgetTable.studentRequests;
    if (!(await records.add(examId, request, limit))) {
      budget.refused('studentRequests');
      throw overBudget(`${limit} requests in an exam`);
    }
    events.toTeachers(examId, {
      type: 'student_request',
      session_id: examId,
      timestamp: at,
      student_id: studentId,
      student_name: student.studentName ?? studentId,
      request_id: request.requestId,
      kind,
      text,
    });
    return request;
  }

  async finish(examId: string, requestId: string, actor: string): Promise<void> {
    const { records, now } = this.#options;
    if (await records.finish(examId, requestId, actor, isoTime(now()))) return;
    throw new ExamRefusal('NOT_FOUND', 'there is no request with this id in the exam');
  }
}
