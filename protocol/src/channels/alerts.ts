import * as v from 'valibot';
import { IdSchema } from '../frame/identifier.ts';
import type { Observation } from '../rules/observation.ts';
import type { Problem } from './problem.ts';

/** The alerts channel, `ws /ws/alerts/{user_id}?token=`. Pings go both ways; each is answered with a pong. */

const StampSchema = v.optional(v.unknown());

export const AlertsClientMessageSchema = v.variant('type', [
  v.object({ type: v.literal('ping'), timestamp: StampSchema }),
  v.object({ type: v.literal('pong'), timestamp: StampSchema }),
  v.object({
    type: v.literal('ack'),
    stream_id: IdSchema,
    /** The one alert that is meant; without it every open alert of the stream. */
    alert_id: v.optional(v.pipe(v.string(), v.maxLength(300), v.regex(/^[!-~]+$/))),
  }),
]);
export type AlertsClientMessage = v.InferOutput<typeof AlertsClientMessageSchema>;

/** What a proctor should look at now. `stream_id` of its message is the session. */
export interface AlertResult {
  alert_id: string;
  exam_id: string | null;
  member_id: string | null;
  /** As it was when the alert was raised; the report has it whole. */
  observation: Observation;
  /** ISO 8601, server clock. */
  raised_at: string;
  /** True once it went on to the exam's other teachers, because nobody had taken it. */
  escalated: boolean;
}

export type ServerAlertsMessage =
  | { type: 'ping' | 'pong'; timestamp: string }
  | {
      type: 'anomaly_detected';
      stream_id: string;
      result: AlertResult;
      /** JPEG in base64, only where the exam's policy keeps pictures as evidence. */
      frame?: string;
      timestamp: string;
    }
  /** A co-proctor (or this one, elsewhere) took it. */
  | { type: 'alert_acknowledged'; stream_id: string; alert_id: string; user_id: string; timestamp: string }
  | ({ type: 'error' } & Problem);

/** `GET /ws/connections` */
export interface ConnectionsReport {
  total_connections: number;
  connections: {
    user_id: string;
    connected: boolean;
    uptime_seconds: number;
    /** ISO 8601 */
    last_heartbeat: string;
    seconds_since_heartbeat: number;
  }[];
}
