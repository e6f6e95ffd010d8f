import type { AnswerRequest, HighlightRequest, ProgressRequest } from '@invigil/protocol/channels';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { ExamWorkRecords } from '../records/exam-work-records.ts';
import type { ExamStudent, ExamSubmission } from '../model/exam.ts';
import type { ExamEvents } from './exam-events.ts';
import { budgetTable } from '../budget/budget-table.ts';
import type { UsageBudget } from '../budget/usage-budget.ts';
import { ExamRefusal, overBudget, wrongStatus } from './exam-refusal.ts';
import { endsAtMs, isOverFor, mayHandIn } from './exam-end.ts';
import type { Exams } from './exams.ts';
import { ThrottledNotifier } from './throttled-notifier.ts';
import { WorkEvents, aboutStudent } from './work-events.ts';
import { isoTime } from '../time/iso-time.ts';

/** @param questionId null for a hand-in */
export type OnWork = (examId: string, studentId: string, questionId: string | null, atMs: number) => void;

export interface ExamWorkOptions {
  exams: Exams;
  students: ExamStudentRecords;
  work: ExamWorkRecords;
  events: ExamEvents;
  now: () => number;
  /** The clock that all replicas share. */
  storeNow: () => number;
  budget: Pick<UsageBudget, 'refused'>;
  onError: (error: unknown) => void;
  /** The student answered or handed in. */
  onWork: OnWork;
}

/** Teachers receive a student's position at most this often. */
const progressIntervalMs = 2000;

/** Students' work in an exam: saved first, then published to its teachers. */
export class ExamWork {
  readonly #options: ExamWorkOptions;
  readonly #notifier: ThrottledNotifier;
  readonly #workEvents: WorkEvents;

  constructor(options: ExamWorkOptions) {
    this.#options = options;
    const { storeNow, onError, events } = options;
    this.#notifier = new ThrottledNotifier({ intervalMs: progressIntervalMs, now: storeNow, onError });
    this.#workEvents = new WorkEvents(events, onError);
  }

  async progress(examId: string, studentId: string, request: ProgressRequest): Promise<void> {
    const { students } = this.#options;
    await this.#working(examId, studentId);
    const { passage_index: passageIndex, question_index: questionIndex, question_number: questionNumber } = request;
    const at = this.#nowIso();
    await students.saveProgress(examId, studentId, { passageIndex, questionIndex, questionNumber }, at);
    await this.#notifier.publish(
      JSON.stringify([examId, studentId]),
      (publishAt, sinceAt) => students.claimProgressEvent(examId, studentId, publishAt, sinceAt),
      () => this.#publishProgress(examId, studentId),
    );
  }

  async answer(examId: string, studentId: string, request: AnswerRequest): Promise<{ isUpdate: boolean }> {
    const { work, now, onWork } = this.#options;
    const student = await this.#working(examId, studentId);
    const nowMs = now();
    const at = new Date(nowMs).toISOString();
    const { question_id: questionId, question_number: questionNumber, answer, chain } = request;
    const isUpdate = await work.saveAnswer(
      examId,
      studentId,
      { questionId, questionNumber, answer, answeredAt: at, chain: chain ?? null },
      { questions: budgetTable.questions.limit, characters: budgetTable.answerCharacters.limit },
    );
    if (typeof isUpdate === 'string') throw this.#refuse(isUpdate);
    onWork(examId, studentId, questionId, nowMs);
    await this.#workEvents.answered({
      examId,
      student,
      at,
      question_id: questionId,
      question_number: questionNumber,
      is_update: isUpdate,
    });
    return { isUpdate };
  }

  async highlight(examId: string, studentId: string, { passage_id, text }: HighlightRequest): Promise<void> {
    const { work } = this.#options;
    const student = await this.#working(examId, studentId);
    const at = this.#nowIso();
    const beyond = await work.saveHighlight(
      examId,
      studentId,
      { passageId: passage_id, text, at },
      { highlights: budgetTable.highlights.limit, characters: budgetTable.highlightCharacters.limit },
    );
    if (beyond !== null) throw this.#refuse(beyond);
    await this.#workEvents.highlighted({ examId, student, at, text, passage_id });
  }

  /** Submitting twice changes nothing: the first submission stands and is returned again. */
  async submit(
    examId: string,
    studentId: string,
    { score, chain }: Pick<ExamSubmission, 'score' | 'chain'>,
  ): Promise<ExamSubmission> {
    const { exams, students, work, events, now, onWork } = this.#options;
    const exam = await exams.get(examId);
    const student = await this.#student(examId, studentId);
    if (student.submission !== null) return student.submission;
    const nowMs = now();
    const { extraMinutes } = student;
    const longestExtraMinutes = await students.longestExtraTime(examId);
    if (!mayHandIn(exam, { extraMinutes, longestExtraMinutes }, nowMs)) {
      throw wrongStatus(
        exam.status === 'IN_PROGRESS' ? timeIsUp : `submitting is not allowed while the exam is ${exam.status}`,
      );
    }
    const submission: ExamSubmission = {
      submittedAt: isoTime(nowMs),
      score,
      timeTakenSeconds: Math.max(0, Math.round((nowMs - Date.parse(exam.startedAt ?? exam.createdAt)) / 1000)),
      chain,
    };
    const { submittedAt, timeTakenSeconds } = submission;
    if (!(await students.submit(examId, studentId, submission))) {
      return (await this.#student(examId, studentId)).submission ?? submission;
    }
    // Nobody is observed after their time, so a late hand-in counts as one at its end.
    onWork(examId, studentId, null, Math.min(nowMs, endsAtMs(exam, extraMinutes) ?? nowMs));
    events.toTeachers(examId, {
      type: 'student_submitted',
      ...aboutStudent(examId, student, submittedAt),
      score,
      time_taken_seconds: timeTakenSeconds,
      answered_questions: (await work.answers(examId, studentId)).length,
      total_questions: exam.totalQuestions,
    });
    return submission;
  }

  close(): void {
    this.#notifier.close();
    this.#workEvents.close();
  }

  async #publishProgress(examId: string, studentId: string): Promise<void> {
    const student = await this.#student(examId, studentId);
    if (student.progress === null) return;
    const { passageIndex, questionIndex, questionNumber } = student.progress;
    this.#options.events.toTeachers(examId, {
      type: 'student_progress',
      ...aboutStudent(examId, student, this.#nowIso()),
      passage_index: passageIndex,
      question_index: questionIndex,
      question_number: questionNumber,
    });
  }

  /** The student, provided that the exam is in progress, their time is not up, and they have not submitted. */
  async #working(examId: string, studentId: string): Promise<ExamStudent> {
    const exam = await this.#options.exams.get(examId);
    const student = await this.#student(examId, studentId);
    if (exam.status !== 'IN_PROGRESS') throw wrongStatus(`the exam is ${exam.status}, it must be IN_PROGRESS`);
    if (student.submission !== null) throw wrongStatus('this student has already submitted');
    if (isOverFor(exam, student.extraMinutes, this.#options.now())) throw wrongStatus(timeIsUp);
    return student;
  }

  async #student(examId: string, studentId: string): Promise<ExamStudent> {
    const student = await this.#options.students.find(examId, studentId);
    if (student === null) throw new ExamRefusal('NOT_FOUND', 'this student is not enrolled in the exam');
    return student;
  }

  #refuse(limit: keyof typeof allowedBy): ExamRefusal {
    this.#options.budget.refused(limit);
    return overBudget(`${allowedBy[limit](budgetTable[limit].limit)} in an exam`);
  }

  #nowIso(): string {
    return isoTime(this.#options.now());
  }
}

const timeIsUp = 'this student’s time is up';

const allowedBy = {
  questions: (limit: number) => `${limit} answered questions`,
  answerCharacters: (limit: number) => `${limit} characters of answers`,
  highlights: (limit: number) => `${limit} highlights`,
  highlightCharacters: (limit: number) => `${limit} characters of highlights`,
} as const;
