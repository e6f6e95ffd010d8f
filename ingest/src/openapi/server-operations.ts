import * as v from 'valibot';
import { ReceiptRootSchema } from './receipt-answers.ts';
import type { Operation } from './operation.ts';

const tag = 'server';
const text = v.nullable(v.string());

const HealthSchema = v.object({
  status: v.picklist(['ok', 'unavailable']),
  version: v.string(),
  parts: v.pipe(v.record(v.string(), v.string()), v.description('`ok`, or what is wrong, by part')),
  retention_ran_at: v.pipe(text, v.description('When retention last completed')),
  archive_failing_since: v.pipe(text, v.description('Since when frames cannot move to the archive; null if they can')),
  retention_stopped: v.pipe(text, v.description('Why nothing is purged; null while the clock is trusted')),
});

const ReadinessSchema = v.object({ status: v.picklist(['ready', 'closing', 'unavailable']) });

const page = (path: string, id: string, summary: string, type: string): Operation => ({
  method: 'get',
  path,
  id,
  tag,
  summary,
  action: 'server.look',
  answers: { 200: { description: summary, schema: null, otherTypes: [type] } },
});

const document = (path: string, id: string, summary: string): Operation => ({
  ...page(path, id, summary, ''),
  answers: { 200: { description: summary, schema: v.record(v.string(), v.unknown()) } },
});

const PublicKeysSchema = v.object({
  keys: v.array(v.object({ key_id: v.string(), public_key: v.string(), created_at: v.string() })),
});

export const serverOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/healthz',
    id: 'getHealth',
    tag,
    summary: 'Check whether each part of the server works',
    action: 'server.look',
    answers: {
      200: { description: 'All parts work', schema: HealthSchema },
      503: { description: 'A part does not work', schema: HealthSchema },
    },
  },
  {
    method: 'get',
    path: '/readyz',
    id: 'getReadiness',
    tag,
    summary: 'Check whether this replica should receive clients',
    action: 'server.look',
    answers: {
      200: { description: 'Ready', schema: ReadinessSchema },
      503: { description: 'Stopping, or a part does not work', schema: ReadinessSchema },
    },
  },
  page('/metrics', 'getMetrics', 'Get metrics for Prometheus', 'text/plain'),
  page(
    '/api/v1/schemas/report.json',
    'getReportSchema',
    'Get the JSON Schema of the report',
    'application/schema+json',
  ),
  {
    method: 'get',
    path: '/.well-known/invigil-keys.json',
    id: 'getReceiptKeys',
    tag,
    summary: 'Get the public keys that verify receipts and roots (Ed25519, SPKI in base64url)',
    action: 'server.look',
    answers: { 200: { description: 'All keys, newest first', schema: PublicKeysSchema } },
  },
  {
    method: 'get',
    path: '/.well-known/invigil-roots.json',
    id: 'getReceiptRoots',
    tag,
    summary: 'Get the signed Merkle roots over each day’s receipts, newest first',
    description: 'A root appears ten minutes after the end of its day (UTC).',
    action: 'server.look',
    answers: { 200: { description: 'The roots', schema: v.object({ roots: v.array(ReceiptRootSchema) }) } },
  },
  document('/openapi.json', 'getOpenapi', 'Get this description'),
  document('/asyncapi.json', 'getAsyncapi', 'Get the description of the WebSocket channels'),
  page('/docs', 'getDocs', 'View both descriptions as a page', 'text/html'),
];
