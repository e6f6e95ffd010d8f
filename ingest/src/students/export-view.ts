import type { Row } from '../records/student-records.ts';
import type { Tables } from '../records/tables.ts';

export interface ExportView {
  memberId: string;
  /** Whether the exam's policy lets students read their reports. */
  isReportVisible: (examId: string | null) => Promise<boolean>;
}

/** Parts of a report: visible only if the report is. */
const reportTables: readonly (keyof Tables)[] = [
  'exam_analyses',
  'report_summaries',
  'report_types',
  'alerts',
  'review_entries',
];
/** Notes that staff wrote for each other. */
const privateActions = /^(?:review\.|session\.flag$|alert\.outcome$)/;

/**
 * A row as its student may read it, or null if they may not read it: reports only if the exam shows them to students, no
 * proctors' private notes or names, no addresses of other systems.
 * @param examId the exam of the row's session
 */
export const studentRow = async (
  { memberId, isReportVisible }: ExportView,
  table: keyof Tables,
  row: Row,
  examId: string | null,
): Promise<Row | null> => {
  const isOwn = row['actor'] === memberId;
  if (table === 'webhook_deliveries') return { ...row, url: null, body: null };
  if (reportTables.includes(table) && !isOwn && !(await isReportVisible(examId))) return null;
  if (table === 'lti_attempts') return { ...row, start_assessment_url: null, control_url: null, session_data: null };
  if (table === 'exam_links') return { ...row, ...staffColumn('created_by', row, memberId) };
  if (table === 'alerts') return { ...row, note: null, ...staffColumn('acknowledged_by', row, memberId) };
  if (table === 'report_summaries') return { ...row, ...reviewers(row) };
  if (table === 'student_requests') return { ...row, ...staffColumn('done_by', row, memberId) };
  if (table === 'review_entries') return isOwn ? row : { ...row, actor: 'staff', note: null };
  if (table !== 'audit' || isOwn) return row;
  const isPrivate = privateActions.test(String(row['action']));
  return { ...row, actor: 'staff', detail: isPrivate ? null : row['detail'] };
};

/** The columns of a summary that name reviewers. */
const reviewers = (row: Row): Row => ({
  outcome_by: row['outcome_by'] == null ? null : 'staff',
  other_by: row['other_by'] == null ? null : 'staff',
});

/** A column that names a proctor or a teacher. */
const staffColumn = (column: 'acknowledged_by' | 'created_by' | 'done_by', row: Row, memberId: string): Row =>
  row[column] == null || row[column] === memberId ? {} : { [column]: 'staff' };
