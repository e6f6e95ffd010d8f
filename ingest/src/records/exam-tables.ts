import type { ExamStatus, StudentRequestKind, ViolationType } from '@invigil/protocol/channels';
import type { ColumnType, Generated } from 'kysely';
import type { ViolationSource } from './violation-rows.ts';

/** Set when the row is created, or by a default of the table. */
type Optional<Type> = ColumnType<Type, Type | undefined, Type>;

export interface ExamsTable {
  exam_id: string;
  created_at: string;
  title: Optional<string | null>;
  /** Null for an exam that was created by a session. */
  created_by: Optional<string | null>;
  status: Optional<ExamStatus>;
  scheduled_at: Optional<string | null>;
  duration_minutes: Optional<number | null>;
  total_questions: Optional<number | null>;
  /** JSON. */
  policy: Optional<string | null>;
  /** What students type on the live channel; unique among all exams. */
  pin: Optional<string | null>;
  opened_at: Optional<string | null>;
  started_at: Optional<string | null>;
  completed_at: Optional<string | null>;
  cancelled_at: Optional<string | null>;
}

interface ExamTeachersTable {
  exam_id: string;
  teacher_id: string;
}

/** A student's enrolment and, from `joined_at` on, the attempt. */
export interface ExamStudentsTable {
  exam_id: string;
  student_id: string;
  student_name: string | null;
  enrolled_at: string;
  joined_at: Optional<string | null>;
  passage_index: Optional<number | null>;
  question_index: Optional<number | null>;
  question_number: Optional<number | null>;
  progress_at: Optional<string | null>;
  /** When it was last published to teachers. */
  progress_sent_at: Optional<string | null>;
  submitted_at: Optional<string | null>;
  score: Optional<number | null>;
  time_taken_seconds: Optional<number | null>;
  /** Head of the frame chain that the page sent along. */
  submitted_chain: Optional<string | null>;
  /** The last camera check before the exam. `check_results`: JSON. */
  checked_at: Optional<string | null>;
  check_results: Optional<string | null>;
  /** Added to the exam's duration for this student. */
  extra_minutes: Optional<number>;
}

/** A personal link for each student; a new one replaces it. */
interface ExamLinksTable {
  exam_id: string;
  student_id: string;
  link_id: string;
  created_at: string;
  expires_at: string;
  revoked_at: Optional<string | null>;
  created_by: Optional<string | null>;
  first_used_at: Optional<string | null>;
}

/** Requests for extra time that have been carried out. */
interface ExtraTimeRequestsTable {
  exam_id: string;
  request_id: string;
  /** How many got it. */
  students: number;
}

interface StudentRequestsTable {
  request_id: string;
  exam_id: string;
  student_id: string;
  kind: StudentRequestKind;
  text: string | null;
  at: string;
  done_at: Optional<string | null>;
  done_by: Optional<string | null>;
}

interface ExamAnswersTable {
  exam_id: string;
  student_id: string;
  question_id: string;
  question_number: number;
  answer: string;
  /** Number of changes. */
  updates: Optional<number>;
  answered_at: string;
  /** Head of the frame chain that the page sent along. */
  chain: Optional<string | null>;
  /** When it was first given while the student was not observed; later answers do not change it. */
  unobserved_at: Optional<string | null>;
}

interface ExamHighlightsTable {
  highlight_id: Generated<number>;
  exam_id: string;
  student_id: string;
  at: string;
  passage_id: string;
  text: string;
}

interface ExamViolationsTable {
  violation_id: Generated<number>;
  exam_id: string;
  student_id: string;
  at: string;
  violation_type: ViolationType;
  /** How it was reported first; null in rows of earlier versions. */
  source: Optional<ViolationSource | null>;
  /** Its time as reported the other way. */
  counterpart_at: Optional<string | null>;
}

/** One row decides, for all replicas, whether a violation is new and whether it is published to teachers now. */
interface ExamViolationCountsTable {
  exam_id: string;
  student_id: string;
  violation_type: ViolationType;
  violations: number;
  last_at: string;
  sent_at: Optional<string>;
}

/** Open connections. A slot holds one connection: the newest. */
export interface ExamConnectionsTable {
  slot: string;
  connection_id: string;
  exam_id: string;
  user_id: string;
  is_student: number;
  replica_id: string;
  connected_at: string;
}

export interface ExamTables {
  exams: ExamsTable;
  exam_teachers: ExamTeachersTable;
  exam_students: ExamStudentsTable;
  exam_answers: ExamAnswersTable;
  exam_highlights: ExamHighlightsTable;
  exam_violations: ExamViolationsTable;
  exam_violation_counts: ExamViolationCountsTable;
  exam_connections: ExamConnectionsTable;
  exam_links: ExamLinksTable;
  student_requests: StudentRequestsTable;
  extra_time_requests: ExtraTimeRequestsTable;
}
