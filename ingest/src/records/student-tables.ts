import type { Tables } from './tables.ts';

/** How a table's rows are linked to a student. */
export interface StudentTable {
  table: keyof Tables;
  column: string;
  /** `member`: the student's id; `session`: the id of one of their sessions. */
  holds: 'member' | 'session';
  /** An integer key of a table that may grow without bound. It is read in ranges of this key. */
  key?: string;
}

/**
 * Every table that holds student data, except the audit, which is kept under a pseudonym. In the order in which they
 * are erased: reviews after their reports (see the migration), and sessions last, because the others are found through
 * them.
 */
export const studentTables: readonly StudentTable[] = [
  { table: 'exam_analyses', column: 'session_id', holds: 'session' },
  { table: 'report_summaries', column: 'session_id', holds: 'session' },
  { table: 'report_types', column: 'session_id', holds: 'session' },
  { table: 'receipts', column: 'session_id', holds: 'session' },
  { table: 'review_entries', column: 'session_id', holds: 'session' },
  { table: 'alerts', column: 'session_id', holds: 'session' },
  { table: 'webhook_deliveries', column: 'session_id', holds: 'session' },
  { table: 'camera_links', column: 'session_id', holds: 'session' },
  { table: 'accommodations', column: 'member_id', holds: 'member' },
  { table: 'exam_answers', column: 'student_id', holds: 'member' },
  { table: 'exam_highlights', column: 'student_id', holds: 'member', key: 'highlight_id' },
  { table: 'exam_violations', column: 'student_id', holds: 'member', key: 'violation_id' },
  { table: 'exam_violation_counts', column: 'student_id', holds: 'member' },
  { table: 'exam_links', column: 'student_id', holds: 'member' },
  { table: 'student_requests', column: 'student_id', holds: 'member' },
  { table: 'exam_students', column: 'student_id', holds: 'member' },
  { table: 'lti_attempts', column: 'student_id', holds: 'member' },
  { table: 'lti_members', column: 'user_id', holds: 'member' },
  { table: 'exam_connections', column: 'user_id', holds: 'member' },
  { table: 'agent_sessions', column: 'user_id', holds: 'member' },
  { table: 'agent_session_history', column: 'user_id', holds: 'member', key: 'sequence_id' },
  { table: 'sessions', column: 'session_id', holds: 'session' },
];
