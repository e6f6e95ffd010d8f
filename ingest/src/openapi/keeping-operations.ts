import { IdSchema } from '@invigil/protocol/frame';
import * as v from 'valibot';
import { ConnectionsReportSchema, webhookFormats } from '@invigil/protocol/channels';
import { CountersSchema, PageSchema } from '../http/schemas/presence-requests.ts';
import { deliveryStatuses } from '../http/schemas/delivery-status.ts';
import { webhookEvents } from '../webhooks/webhook-event.ts';
import { nothing } from './operation.ts';
import type { Operation } from './operation.ts';

const moment = v.pipe(v.string(), v.isoTimestamp());
const text = v.nullable(v.string());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const rows = v.array(v.record(v.string(), v.unknown()));

const StudentExportSchema = v.object({
  format: v.literal('invigil-export/1'),
  member_id: v.string(),
  exam_id: v.exactOptional(v.string()),
  exported_at: moment,
  records: v.pipe(v.record(v.string(), rows), v.description('Rows by table')),
  dumps: v.pipe(v.array(v.record(v.string(), v.unknown())), v.description('Dumps of ended sessions')),
  running: v.pipe(v.record(v.string(), rows), v.description('Frames of running sessions, by session')),
});

const DeliveriesSchema = v.object({
  deliveries: v.array(
    v.object({
      id: v.string(),
      event: v.picklist(webhookEvents),
      session_id: text,
      exam_id: text,
      url: v.pipe(v.string(), v.description('Without a user name and password')),
      format: v.picklist(webhookFormats),
      status: v.picklist(deliveryStatuses),
      attempts: count,
      created_at: moment,
      delivered_at: v.nullable(moment),
      next_attempt_at: v.nullable(moment),
      last_status: v.nullable(v.number()),
      last_error: text,
    }),
  ),
});

/** Presence, alerts, students' data and webhooks. */
export const keepingOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/v1/classrooms/{classroom_id}/agents',
    id: 'listAgents',
    tag: 'presence',
    summary: 'List the agents in a classroom',
    action: 'presence.enter',
    query: {
      sequence_id: {
        schema: PageSchema.entries.sequence_id,
        description: 'The last known id; the page starts after it',
      },
      limit: { schema: PageSchema.entries.limit, description: 'Page size, 1–1000' },
    },
    answers: {
      200: {
        description: 'In the order of `sequence_id`',
        schema: v.array(v.object({ id: v.string(), sequence_id: count })),
      },
    },
  },
  {
    method: 'post',
    path: '/api/v1/counters/agent',
    id: 'countAgents',
    tag: 'presence',
    summary: 'Count the agents in classrooms',
    action: 'presence.enter',
    body: CountersSchema,
    answers: { 200: { description: 'By classroom', schema: v.record(v.string(), count) } },
  },
  {
    method: 'get',
    path: '/ws/connections',
    id: 'listAlertConnections',
    tag: 'presence',
    summary: 'List alert connections on all replicas',
    action: 'connections.read',
    answers: { 200: { description: 'The connections', schema: ConnectionsReportSchema } },
  },
  {
    method: 'get',
    path: '/api/v1/students/{member_id}/export',
    id: 'exportStudent',
    tag: 'students',
    summary: 'Export a student’s data, of all exams or of one',
    action: 'student.export',
    query: { exam_id: { schema: IdSchema, description: 'Only this exam’s data; required with a personal link' } },
    answers: { 200: { description: 'One JSON object, as a download', schema: StudentExportSchema } },
  },
  {
    method: 'delete',
    path: '/api/v1/students/{member_id}',
    id: 'eraseStudent',
    tag: 'students',
    summary: 'Erase a student’s data',
    action: 'student.erase',
    answers: {
      200: {
        description: 'Number of erased items',
        schema: v.object({ sessions: count, rows: v.record(v.string(), count) }),
      },
    },
    problems: ['NOT_FOUND', 'WRONG_STATUS'],
  },
  {
    method: 'delete',
    path: '/api/v1/session/{session_id}',
    id: 'eraseSession',
    tag: 'students',
    summary: 'Erase one ended session: frames, dump, reports, reviews and alerts',
    action: 'session.erase',
    answers: {
      200: {
        description: 'Number of erased items',
        schema: v.object({ sessions: count, rows: v.record(v.string(), count) }),
      },
    },
    problems: ['SESSION_NOT_FOUND', 'WRONG_STATUS'],
  },
  {
    method: 'get',
    path: '/api/v1/webhooks/deliveries',
    id: 'listDeliveries',
    tag: 'webhooks',
    summary: 'List webhook deliveries and their status',
    action: 'webhooks.read',
    query: { status: { schema: v.picklist(deliveryStatuses), description: 'Only deliveries with this status' } },
    answers: { 200: { description: 'The newest 200', schema: DeliveriesSchema } },
  },
  {
    method: 'post',
    path: '/api/v1/webhooks/deliveries/{delivery_id}/retry',
    id: 'retryDelivery',
    tag: 'webhooks',
    summary: 'Retry a delivery',
    action: 'webhooks.read',
    answers: { 202: nothing('The delivery is queued again') },
    problems: ['NOT_FOUND'],
  },
];
