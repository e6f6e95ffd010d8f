import type { WebhookFormat } from '@invigil/protocol/channels';
import type { Generated } from 'kysely';

/** Append-only: review entries with author and time. The newest entry for an outcome or observation applies. */
export interface ReviewEntriesTable {
  entry_id: Generated<number>;
  session_id: string;
  at: string;
  actor: string;
  kind: 'outcome' | 'mark' | 'contest';
  /** Null for an outcome. */
  observation_id: string | null;
  /** The outcome or the mark; null for a contest. */
  value: string | null;
  note: string | null;
}

/** A student’s accommodations for an exam. */
interface AccommodationsTable {
  exam_id: string;
  member_id: string;
  /** JSON, as in protocol's `AccommodationSchema`. */
  accommodations: string;
  updated_at: string;
}

export interface WebhookDeliveriesTable {
  /** The `webhook-id`: the same event has the same id, so that it is queued once. */
  delivery_id: string;
  event: string;
  session_id: string;
  exam_id: string | null;
  url: string;
  /** Whether the address came from an exam's policy and so must be public. */
  is_public_only: number;
  format: WebhookFormat;
  body: string;
  created_at: string;
  status: 'pending' | 'delivered' | 'failed';
  attempts: number;
  /** When it is due; while an attempt is in progress, when its claim expires. */
  next_attempt_at: string;
  last_status: number | null;
  last_error: string | null;
  delivered_at: string | null;
}

export interface ReviewTables {
  review_entries: ReviewEntriesTable;
  accommodations: AccommodationsTable;
  webhook_deliveries: WebhookDeliveriesTable;
}
