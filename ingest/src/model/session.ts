/** One student's proctored session of one exam. */
export interface Session {
  sessionId: string;
  /** Null in a session that was created by its first use (AUTH=dev only). */
  examId: string | null;
  memberId: string | null;
  /** `ending`: frames are no longer accepted; report and dump are being made. */
  status: 'running' | 'ending' | 'ended';
  /** ISO 8601. */
  startedAt: string;
  endedAt: string | null;
}
