import type { CheckResults, ExamPolicy, ExamStatus, StudentRequestKind } from '@invigil/protocol/channels';

/** A scheduled exam for many students. Times are ISO 8601. */
export interface Exam {
  examId: string;
  title: string | null;
  status: ExamStatus;
  createdBy: string | null;
  scheduledAt: string | null;
  /** Counted from the start; the exam then completes automatically. */
  durationMinutes: number | null;
  totalQuestions: number | null;
  policy: ExamPolicy;
  /** Six digits; null for an exam that was created by a session. */
  pin: string | null;
  createdAt: string;
  openedAt: string | null;
  startedAt: string | null;
  completedAt: string | null;
  cancelledAt: string | null;
}

/** A student's place in an exam: the enrolment and the attempt. */
export interface ExamStudent {
  studentId: string;
  studentName: string | null;
  joinedAt: string | null;
  progress: ExamProgress | null;
  submission: ExamSubmission | null;
  /** The last camera check before the exam. */
  check: (CheckResults & { checkedAt: string }) | null;
  /** Added to the exam's duration for this student. */
  extraMinutes: number;
}

/** A student asked a proctor for help, or the organiser to erase their data. */
export interface StudentRequest {
  requestId: string;
  kind: StudentRequestKind;
  studentId: string;
  text: string | null;
  at: string;
  doneAt: string | null;
  doneBy: string | null;
}

/** A student's personal link to an exam. Times are ISO 8601. */
export interface ExamLink {
  linkId: string;
  examId: string;
  studentId: string;
  createdAt: string;
  expiresAt: string;
  revokedAt: string | null;
  /** Null for links of earlier servers. */
  createdBy: string | null;
  /** When this link, or one that it replaced, was first used. */
  firstUsedAt: string | null;
}

export interface ExamProgress {
  passageIndex: number;
  questionIndex: number;
  questionNumber: number;
}

export interface ExamSubmission {
  submittedAt: string;
  score: number | null;
  timeTakenSeconds: number;
  /** Head of the frame chain that the page sent along; null if it sent none. */
  chain: string | null;
}
