import type { AlertResult } from '@invigil/protocol/channels';
import type { Observation } from '@invigil/protocol/rules';

/** An observation that a proctor should look at now. Times are ISO 8601, server clock. */
export interface Alert {
  /** `<session>:<observation>`, so that the same observation never becomes two alerts. */
  alertId: string;
  sessionId: string;
  examId: string | null;
  memberId: string | null;
  observation: Observation;
  raisedAt: string;
  escalated: boolean;
  /** How long the observation lasted; null while it lasts. */
  durationS: number | null;
}

export const alertIdOf = (sessionId: string, observationId: string): string => `${sessionId}:${observationId}`;

/** The form that proctors receive. */
export const resultOf = (alert: Alert): AlertResult => ({
  alert_id: alert.alertId,
  exam_id: alert.examId,
  member_id: alert.memberId,
  observation: alert.observation,
  raised_at: alert.raisedAt,
  escalated: alert.escalated,
  duration_s: alert.durationS,
});
