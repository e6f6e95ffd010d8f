import type { Generated } from 'kysely';
import type { CameraLinkTables } from './camera-link-tables.ts';
import type { ExamTables } from './exam-tables.ts';
import type { FrameBlockTables } from './frame-block-tables.ts';
import type { LtiTables } from './lti-tables.ts';
import type { RealtimeTables } from './realtime-tables.ts';
import type { ReceiptTables } from './receipt-tables.ts';
import type { ReportSummaryTables } from './report-summary-tables.ts';
import type { ReviewTables } from './review-tables.ts';
import type { StaffSessionTables } from './staff-session-tables.ts';

/** Times are ISO 8601 in UTC, which sorts as text and reads the same from SQLite and Postgres. */
export interface SessionsTable {
  session_id: string;
  exam_id: string | null;
  member_id: string | null;
  status: 'running' | 'ending' | 'ended';
  started_at: string;
  ended_at: string | null;
  /** The replica that is ending it, and when its claim expires: one replica writes the dump, once. */
  end_claim: string | null;
  end_claim_until: string | null;
  /** When the frames were removed from the frame store, after report and dump were stored. */
  frames_cleared_at: string | null;
  /** The frame store at the last checkpoint: frames ever stored, and the head of their chain. */
  frames_stored: Generated<number>;
  frames_head?: string | null;
  /** First head of that chain, and the number of frames in earlier chains, which the store lost. */
  frames_nonce?: string | null;
  frames_gone: Generated<number>;
  /** Frames that arrived before the end but could no longer be stored. */
  frames_refused: Generated<number>;
  /** How the session was observed until the last checkpoint, seconds; null before it, and for rules before version 3. */
  live_s?: number | null;
  late_s?: number | null;
  not_observed_s?: number | null;
  /** 1 while this is the student's running session of the exam, otherwise null. Unique per student and exam. */
  is_current?: number | null;
  /** When its student was first seen in Safe Exam Browser with an accepted configuration. */
  browser_verified_at?: string | null;
}

interface ExamAnalysesTable {
  session_id: string;
  /** 1, 2, …: a later analysis of the same session does not replace earlier ones. */
  version: number;
  exam_id: string | null;
  member_id: string | null;
  rules_version: string;
  /** The report's JSON, exactly as it was made. */
  report: string;
  dump_file: string;
  created_at: string;
}

/** Append-only. */
interface AuditTable {
  audit_id: Generated<number>;
  at: string;
  actor: string;
  action: string;
  session_id: string | null;
  exam_id?: string | null;
  /** JSON: the details of the action. */
  detail?: string | null;
}

/** When a user was last erased, under a keyed hash. */
interface ErasuresTable {
  user_hash: string;
  erased_at: string;
}

interface SecretsTable {
  name: string;
  /** Base64url. */
  value: string;
}

export interface Tables
  extends
    ExamTables,
    RealtimeTables,
    ReceiptTables,
    ReportSummaryTables,
    ReviewTables,
    StaffSessionTables,
    LtiTables,
    FrameBlockTables,
    CameraLinkTables {
  sessions: SessionsTable;
  exam_analyses: ExamAnalysesTable;
  audit: AuditTable;
  secrets: SecretsTable;
  erasures: ErasuresTable;
}
