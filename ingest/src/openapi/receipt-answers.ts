import * as v from 'valibot';
import type { TypeEquals } from '@invigil/protocol/frame';
import type { ReceiptAnswer, RootBody, Signed } from '../receipts/receipt.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const ReceiptRootSchema = v.object({
  format: v.literal('invigil-root/1'),
  day: v.string(),
  receipts: count,
  root: v.string(),
  key_id: v.string(),
  signature: v.string(),
});

export const ReceiptSchema = v.object({
  receipt: v.object({
    format: v.literal('invigil-receipt/1'),
    session_id: v.string(),
    version: count,
    frames: count,
    chain: v.nullable(v.string()),
    received: v.nullable(v.string()),
    report_sha256: v.string(),
    previous: v.nullable(v.string()),
    signed_at: v.string(),
    key_id: v.string(),
    signature: v.string(),
  }),
  proof: v.nullable(v.array(v.object({ side: v.picklist(['left', 'right']), hash: v.string() }))),
  root: v.nullable(ReceiptRootSchema),
  keys: v.array(v.object({ key_id: v.string(), public_key: v.string(), created_at: v.string() })),
});

const matchesRoot: TypeEquals<v.InferOutput<typeof ReceiptRootSchema>, Signed<RootBody>> = true;
const matches: TypeEquals<v.InferOutput<typeof ReceiptSchema>, ReceiptAnswer> = true;
void matchesRoot;
void matches;
