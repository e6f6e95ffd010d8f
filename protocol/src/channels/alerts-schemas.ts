import * as v from 'valibot';
import { ObservationSchema } from '../rules/observation-schema.ts';
import { problemEntries } from './problem-schema.ts';
import type { TypeEquals } from '../frame/type-equals.ts';
import { alertOutcomes } from './alerts.ts';
import type { ConnectionsReport, ServerAlertsMessage } from './alerts.ts';

const timestamp = v.pipe(v.string(), v.isoTimestamp());

export const AlertResultSchema = v.object({
  alert_id: v.string(),
  exam_id: v.nullable(v.string()),
  member_id: v.nullable(v.string()),
  observation: ObservationSchema,
  raised_at: timestamp,
  escalated: v.boolean(),
  duration_s: v.nullable(v.pipe(v.number(), v.minValue(0))),
});

export const ServerAlertsMessageSchema = v.variant('type', [
  v.object({ type: v.literal('ping'), timestamp }),
  v.object({ type: v.literal('pong'), timestamp }),
  v.object({
    type: v.literal('anomaly_detected'),
    stream_id: v.string(),
    result: AlertResultSchema,
    /** JPEG in base64. */
    frame: v.exactOptional(v.string()),
    more: v.exactOptional(v.array(v.object({ result: AlertResultSchema, frame: v.exactOptional(v.string()) }))),
    timestamp,
  }),
  v.object({
    type: v.literal('alert_acknowledged'),
    stream_id: v.string(),
    alert_id: v.string(),
    user_id: v.string(),
    outcome: v.nullable(v.picklist(alertOutcomes)),
    note: v.nullable(v.string()),
    timestamp,
  }),
  v.object({
    type: v.literal('anomaly_ended'),
    stream_id: v.string(),
    alert_id: v.string(),
    duration_s: v.pipe(v.number(), v.minValue(0)),
    timestamp,
  }),
  v.object({ type: v.literal('error'), ...problemEntries }),
]);

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const ConnectionsReportSchema = v.object({
  total_connections: count,
  connections: v.array(
    v.object({
      user_id: v.string(),
      connected: v.boolean(),
      uptime_seconds: count,
      last_heartbeat: timestamp,
      seconds_since_heartbeat: count,
    }),
  ),
});

const messagesMatch: TypeEquals<v.InferOutput<typeof ServerAlertsMessageSchema>, ServerAlertsMessage> = true;
const reportMatches: TypeEquals<v.InferOutput<typeof ConnectionsReportSchema>, ConnectionsReport> = true;
void [messagesMatch, reportMatches];
