import * as v from 'valibot';
import { IdSchema } from '../frame/identifier.ts';
import type { Observation } from '../rules/observation.ts';
import type { Problem } from './problem.ts';

/** The alerts channel, `ws /ws/alerts/{user_id}?token=`. Both sides may send `ping`; the other answers `pong`. */

/** What became of an alert, as the proctor who took it states. */
export const alertOutcomes = ['talked_to', 'false_alarm'] as const;
export type AlertOutcome = (typeof alertOutcomes)[number];
const maxNoteLength = 1000;

const StampSchema = v.optional(v.unknown());

export const AlertsClientMessageSchema = v.variant('type', [
  v.object({ type: v.literal('ping'), timestamp: StampSchema }),
  v.object({ type: v.literal('pong'), timestamp: StampSchema }),
  v.object({
    type: v.literal('ack'),
    stream_id: IdSchema,
    /** The alert to acknowledge; if absent, every open alert of the stream. */
    alert_id: v.optional(v.pipe(v.string(), v.maxLength(300), v.regex(/^[!-~]+$/))),
    outcome: v.optional(v.nullable(v.picklist(alertOutcomes))),
    note: v.optional(v.nullable(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(maxNoteLength)))),
  }),
]);
export type AlertsClientMessage = v.InferOutput<typeof AlertsClientMessageSchema>;

/** An observation that a proctor should look at now. The message's `stream_id` is the session's id. */
export interface AlertResult {
  alert_id: string;
  exam_id: string | null;
  member_id: string | null;
  /** The observation so far, when the alert was raised; the report has the complete one. */
  observation: Observation;
  /** ISO 8601, server clock. */
  raised_at: string;
  /** True once it was sent to the exam's other teachers because nobody had acknowledged it. */
  escalated: boolean;
  /** How long the observation lasted, seconds; null while it lasts, and if its end is unknown. */
  duration_s: number | null;
}

export type ServerAlertsMessage =
  | { type: 'ping' | 'pong'; timestamp: string }
  | {
      type: 'anomaly_detected';
      stream_id: string;
      result: AlertResult;
      /** JPEG thumbnail in base64, only if the exam's policy allows evidence thumbnails. */
      frame?: string;
      /** Further alerts of the same session that were raised within a second, newest first. Absent if there are none. */
      more?: { result: AlertResult; frame?: string }[];
      timestamp: string;
    }
  /** A co-proctor, or the same proctor on another connection, acknowledged the alert. */
  | {
      type: 'alert_acknowledged';
      stream_id: string;
      alert_id: string;
      user_id: string;
      /** Null if the proctor stated none. */
      outcome: AlertOutcome | null;
      note: string | null;
      timestamp: string;
    }
  /** The observation of an alert that was sent has ended. */
  | { type: 'anomaly_ended'; stream_id: string; alert_id: string; duration_s: number; timestamp: string }
  | ({ type: 'error' } & Problem);

/** Response of `GET /ws/connections`. */
export interface ConnectionsReport {
  total_connections: number;
  connections: {
    user_id: string;
    connected: boolean;
    uptime_seconds: number;
    /** ISO 8601, server clock. */
    last_heartbeat: string;
    seconds_since_heartbeat: number;
  }[];
}
