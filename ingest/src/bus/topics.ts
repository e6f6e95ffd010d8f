import {
  alertOutcomes,
  breakActions,
  ClassroomEventSchema,
  ExamEventSchema,
  ExamTeacherEventSchema,
  RelayedFrameSchema,
  unobservedReasons,
} from '@invigil/protocol/channels';
import type { GuidanceMessage } from '@invigil/protocol/channels';
import { IdSchema } from '@invigil/protocol/frame';
import { ObservationSchema } from '@invigil/protocol/rules';
import * as v from 'valibot';
import type { Alert } from '../model/alert.ts';
import { rosterMessage } from './roster-message.ts';
import { defineTopic } from './topic.ts';

const isoTime = v.pipe(v.string(), v.isoTimestamp());
const picture = v.nullable(v.string());

const GuidanceMessageSchema: v.GenericSchema<unknown, GuidanceMessage> = v.variant('type', [
  v.object({ type: v.literal('proctor_message'), message_id: v.string(), text: v.string(), timestamp: isoTime }),
  v.object({ type: v.literal('break'), action: v.picklist(breakActions), timestamp: isoTime }),
  v.object({ type: v.literal('breaks'), allowed: v.boolean() }),
]);

const AlertSchema: v.GenericSchema<unknown, Alert> = v.object({
  alertId: v.string(),
  sessionId: v.string(),
  examId: v.nullable(v.string()),
  memberId: v.nullable(v.string()),
  observation: ObservationSchema,
  raisedAt: isoTime,
  escalated: v.boolean(),
  // Absent from earlier servers.
  durationS: v.optional(v.nullable(v.number()), null),
});

/** A connection's place in the order of arrival, see `realtime/connection-order.ts`. */
const arrival = { at_ms: v.number(), id: v.string() };

/** All messages between replicas: one topic per kind of message. */
export const topics = {
  /** By session id: the session has ended; close its connections and forget its state. */
  sessionEnded: defineTopic('sessions.*.ended', v.object({ session_id: IdSchema })),
  /** By session id: a connection that numbers its frames sent `hello`; older connections of the session close. */
  sessionPublisher: defineTopic('sessions.*.sender', v.object({ session_id: IdSchema, ...arrival })),
  /** By session id: a proctor's message or break for the student's page. */
  sessionGuided: defineTopic('sessions.*.guided', v.object({ session_id: IdSchema, message: GuidanceMessageSchema })),

  /** By exam id, for everyone in the exam. `order`: of a change of attendance, see `AttendanceChange`; absent from earlier servers. */
  examAll: defineTopic('exams.*.all', v.intersect([ExamEventSchema, v.object({ order: v.optional(v.number()) })])),
  /** By exam id, for its teachers only. */
  examTeachers: defineTopic('exams.*.teachers', ExamTeacherEventSchema),
  /** By exam id: another connection has taken this slot. */
  examReplaced: defineTopic('exams.*.replaced', v.object({ slot: v.string() })),

  /** By classroom id and sender's choice: events for the agents in the classroom. Documented; other programs may publish here. */
  classroom: defineTopic('classrooms.*.*', ClassroomEventSchema),
  /** By replica id: release this agent, because it connected to replica `from`. */
  agentReplace: defineTopic(
    'presence.*.replace',
    v.object({ id: v.string(), from: v.string(), classroomId: v.string(), agentId: v.string() }),
  ),
  /** By replica id: the agent of request `id` was released. */
  agentReplaced: defineTopic('presence.*.replaced', v.object({ id: v.string() })),

  alerts: defineTopic(
    'alerts.news',
    v.variant('kind', [
      v.object({ kind: v.literal('raised'), alert: AlertSchema, picture }),
      v.object({
        kind: v.literal('acknowledged'),
        alert: AlertSchema,
        userId: v.string(),
        at: isoTime,
        outcome: v.nullable(v.picklist(alertOutcomes)),
        note: v.nullable(v.string()),
      }),
      v.object({
        kind: v.literal('ended'),
        alertId: v.string(),
        sessionId: IdSchema,
        durationS: v.number(),
        at: isoTime,
      }),
    ]),
  ),
  /** By user id: the user opened a connection to the alerts channel; their older ones close. */
  alertsArrival: defineTopic('alerts.arrivals.*', v.object({ user_id: v.optional(IdSchema), ...arrival })),

  liveControl: defineTopic(
    'live.control',
    v.variant('kind', [
      v.object({ kind: v.literal('wanted'), sentinelId: v.string(), replicaId: v.string() }),
      v.object({ kind: v.literal('resolution'), sentinelId: v.string(), maxSidePx: v.number() }),
    ]),
  ),
  /** By replica id, so that a replica receives only frames that its own proctors watch. */
  liveFrames: defineTopic(
    'live.frames.*',
    v.object({
      sentinelId: v.string(),
      frames: v.array(RelayedFrameSchema),
      /** The last frames, requested for a new watcher; the other watchers already have them. */
      again: v.boolean(),
    }),
  ),

  /** These sessions of staff have ended; close their connections. */
  staffSignedOut: defineTopic('staff.signed-out', v.object({ session_ids: v.array(v.string()) })),

  clocks: defineTopic('replicas.clocks', v.object({ replica: v.string(), at_ms: v.number() })),

  sentinelRoster: defineTopic(
    'roster.sentinels',
    rosterMessage(
      v.object({
        examId: v.nullable(v.string()),
        name: v.string(),
        unobserved: v.optional(v.object({ sinceMs: v.number(), reason: v.picklist(unobservedReasons) })),
      }),
    ),
  ),
  watchRoster: defineTopic('roster.watches', rosterMessage(v.object({}))),
  alertsRoster: defineTopic(
    'roster.alerts',
    rosterMessage(v.object({ userId: v.string(), arrivedMs: v.optional(v.number(), 0), lastHeartbeatMs: v.number() })),
  ),
} as const;

export type AlertEvent = v.InferOutput<(typeof topics)['alerts']['schema']>;
export type LiveControl = v.InferOutput<(typeof topics)['liveControl']['schema']>;
