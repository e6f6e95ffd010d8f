import { randomInt, randomUUID } from 'node:crypto';
import type { EnrolmentsRequest, ExamEvent, ExamStatus, NewExamRequest } from '@invigil/protocol/channels';
import { systemActors } from '../model/system-actor.ts';
import type { AttendanceRecords } from '../records/attendance-records.ts';
import type { ExamRecords } from '../records/exam-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { Exam } from '../model/exam.ts';
import { endsAtMs } from './exam-end.ts';
import type { ExamEvents } from './exam-events.ts';
import { ExamRefusal, noSuchExam, wrongStatus } from './exam-refusal.ts';
import { isLater, isOver, transitions, wrongStep } from '../model/exam-status.ts';
import type { ExamStep } from '../model/exam-status.ts';
import { isoTime } from '../time/iso-time.ts';

export interface ExamsOptions {
  exams: ExamRecords;
  students: ExamStudentRecords;
  attendance: AttendanceRecords;
  events: ExamEvents;
  now: () => number;
}

const pinTries = 20;
const listLimit = 500;

/** The life cycle of exams. */
export class Exams {
  readonly #options: ExamsOptions;
  readonly #onOver: (() => void)[] = [];

  constructor(options: ExamsOptions) {
    this.#options = options;
  }

  /** Calls the listener each time this replica completes or cancels an exam. */
  onOver(listener: () => void): void {
    this.#onOver.push(listener);
  }

  async create(request: NewExamRequest, creatorId: string): Promise<Exam> {
    const { exams } = this.#options;
    const examId = request.exam_id ?? randomUUID();
    for (let tries = 0; tries < pinTries; tries++) {
      const taken = await exams.create({
        examId,
        title: request.title ?? null,
        createdBy: creatorId,
        scheduledAt: request.scheduled_at ?? null,
        durationMinutes: request.duration_minutes ?? null,
        totalQuestions: request.total_questions ?? null,
        policy: request.policy,
        pin: String(randomInt(100_000, 1_000_000)),
        teachers: [...new Set([creatorId, ...request.teachers])],
        createdAt: this.#nowIso(),
      });
      if (taken === null) return this.get(examId);
      if (taken === 'exam_id') throw new ExamRefusal('ALREADY_EXISTS', 'an exam with this id already exists');
    }
    throw new ExamRefusal('STORE_UNAVAILABLE', 'no free PIN was found; try again');
  }

  async get(examId: string): Promise<Exam> {
    const exam = await this.#options.exams.find(examId);
    if (exam === null) throw noSuchExam();
    return exam;
  }

  teachersOf(examId: string): Promise<string[]> {
    return this.#options.exams.teachersOf(examId);
  }

  /** A teacher's exams, or all of them; newest first. */
  list(teacherId: string | null): Promise<Exam[]> {
    return this.#options.exams.list(teacherId, listLimit);
  }

  async enrol(examId: string, { students }: EnrolmentsRequest): Promise<void> {
    const exam = await this.get(examId);
    if (isOver(exam.status)) throw wrongStatus(`cannot enrol students: the exam is ${exam.status}`);
    const byId = new Map(students.map((student) => [student.student_id, student.student_name ?? null]));
    await this.#options.students.enrol(
      examId,
      [...byId].map(([id, name]) => ({ id, name })),
      this.#nowIso(),
    );
  }

  /** Applies a step and announces it to everyone in the exam. */
  async step(examId: string, step: ExamStep, actor: string): Promise<Exam> {
    const at = this.#nowIso();
    const taken = await this.#options.exams.step(examId, step, at, actor);
    const exam = await this.get(examId);
    if (!taken) throw wrongStatus(wrongStep(step, exam.status));
    for (const event of await this.#eventsOf(examId, transitions[step].to, at)) this.#options.events.toAll(event);
    if (isOver(exam.status)) for (const listener of this.#onOver) listener();
    return exam;
  }

  /** Completes exams in which every student's time is up. */
  async completeOverdue(): Promise<void> {
    for (const exam of await this.#options.exams.timed()) {
      const nowMs = this.#options.now();
      const endMs = endsAtMs(exam, 0);
      if (endMs === null || endMs > nowMs) continue;
      const lastEndMs = endsAtMs(exam, await this.#options.students.longestExtraTime(exam.examId));
      if (lastEndMs === null || lastEndMs > nowMs) continue;
      try {
        await this.step(exam.examId, 'complete', systemActors.timeLimit);
      } catch (error) {
        // A teacher, or another replica, was faster.
        if (!(error instanceof ExamRefusal)) throw error;
      }
    }
  }

  /** The events that announced the exam's steps after the `known` status, for those who missed them. */
  async announced(examId: string, known: ExamStatus): Promise<ExamEvent[]> {
    const exam = await this.#options.exams.find(examId);
    if (exam === null) return [];
    const taken: [ExamStatus, string | null][] = [
      ['WAITING', exam.openedAt],
      ['IN_PROGRESS', exam.startedAt],
      ['COMPLETED', exam.completedAt],
      ['CANCELLED', exam.cancelledAt],
    ];
    const events: ExamEvent[] = [];
    for (const [status, at] of taken) {
      if (at !== null && isLater(status, known)) events.push(...(await this.#eventsOf(examId, status, at)));
    }
    return events;
  }

  async #eventsOf(examId: string, status: ExamStatus, at: string): Promise<ExamEvent[]> {
    const base = { session_id: examId, timestamp: at };
    const events: ExamEvent[] = [];
    if (status === 'WAITING') events.push({ type: 'waiting_room_opened', ...base });
    if (status === 'IN_PROGRESS') {
      const connected = await this.#options.attendance.connectedStudents(examId);
      events.push({ type: 'session_started', ...base, started_at: at, connected_students: connected });
    }
    if (status === 'COMPLETED') events.push({ type: 'session_completed', ...base, completed_at: at });
    return [...events, { type: 'session_status_changed', ...base, status }];
  }

  #nowIso(): string {
    return isoTime(this.#options.now());
  }
}
