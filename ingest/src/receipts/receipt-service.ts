import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Report } from '@invigil/protocol/report';
import type { AnalysisRecords } from '../records/analysis-records.ts';
import type { SigningKeysTable } from '../records/receipt-tables.ts';
import type { ReceiptRecords } from '../records/receipt-records.ts';
import { isoTime } from '../time/iso-time.ts';
import { leafHash, merkleProof, merkleRoot } from './merkle-tree.ts';
import { signBody } from './receipt.ts';
import type { PublicKey, ReceiptAnswer, ReceiptBody, RootBody, Signed } from './receipt.ts';

export interface ReceiptServiceOptions {
  records: ReceiptRecords;
  analyses: AnalysisRecords;
  now: () => number;
}

/** A key signs for this long; the next receipt after that creates a new key. Old public keys stay published. */
const rotateMs = 90 * 86_400_000;
/** A day's root is published this long after its end, when no replica can still sign for that day. */
const closeAfterMs = 600_000;

/** A year of days. */
const maxRoots = 366;

/** Signs each report of an ended session, and publishes a Merkle root over each day's receipts. */
export class ReceiptService {
  readonly #options: ReceiptServiceOptions;
  /** By day: a published root never changes, and computing it reads all receipts of its day. */
  readonly #published = new LRUCache<string, Signed<RootBody>>({ max: 2 * maxRoots });

  constructor(options: ReceiptServiceOptions) {
    this.#options = options;
  }

  /** Signs a stored report, and any earlier versions that are not signed yet. Idempotent. */
  async sign(sessionId: string, version = 1): Promise<void> {
    const { records, analyses, now } = this.#options;
    const kept = await analyses.kept(sessionId, version);
    if (kept === null || (await records.find(sessionId, version)) !== null) return;
    const previous = await this.#previous(sessionId, version);
    const { integrity } = JSON.parse(kept.report) as Report;
    const signedAt = isoTime(now());
    const [key] = await this.#keys();
    const body: ReceiptBody = {
      format: 'invigil-receipt/1',
      session_id: sessionId,
      version,
      frames: integrity.frames,
      chain: integrity.chain,
      received: integrity.received ?? null,
      report_sha256: createHash('sha256').update(kept.report).digest('hex'),
      previous,
      signed_at: signedAt,
      key_id: key.key_id,
    };
    const receipt = JSON.stringify(signBody(body, key.private_key));
    await records.keep({ sessionId, version, day: signedAt.slice(0, 10), receipt, leaf: leafHash(receipt) });
  }

  async #previous(sessionId: string, version: number): Promise<string | null> {
    if (version === 1) return null;
    await this.sign(sessionId, version - 1);
    const before = await this.#options.records.find(sessionId, version - 1);
    return before === null ? null : leafHash(before.receipt);
  }

  /** @param version of the report; null for the newest. @returns null for a report from before receipts existed */
  async find(sessionId: string, version: number | null): Promise<ReceiptAnswer | null> {
    const { records } = this.#options;
    const kept = await records.find(sessionId, version);
    if (kept === null) return null;
    const receipt = JSON.parse(kept.receipt) as Signed<ReceiptBody>;
    const root = await this.root(kept.day);
    const used = new Set([receipt.key_id, root?.key_id]);
    const keys = (await this.publicKeys()).filter(({ key_id: id }) => used.has(id));
    if (root === null) return { receipt, proof: null, root, keys };
    const leaves = await records.leaves(kept.day);
    return { receipt, proof: merkleProof(leaves, leaves.indexOf(leafHash(kept.receipt))), root, keys };
  }

  /** The signed root of a UTC day; null while it can still grow, and for a day without receipts. */
  async root(day: string): Promise<Signed<RootBody> | null> {
    const known = this.#published.get(day);
    if (known !== undefined) return known;
    const { records, now } = this.#options;
    const endMs = Date.parse(`${day}T00:00:00Z`) + 86_400_000;
    if (Number.isNaN(endMs) || now() < endMs + closeAfterMs) return null;
    const leaves = await records.leaves(day);
    if (leaves.length === 0) return null;
    // Sign with the key that was current on that day, so that a published root never changes.
    const keys = await this.#keys();
    const key = keys.find(({ created_at: createdAt }) => Date.parse(createdAt) < endMs) ?? keys[0];
    const body: RootBody = {
      format: 'invigil-root/1',
      day,
      receipts: leaves.length,
      root: merkleRoot(leaves),
      key_id: key.key_id,
    };
    const root = signBody(body, key.private_key);
    this.#published.set(day, root);
    return root;
  }

  /** The published roots, newest first. */
  async roots(): Promise<Signed<RootBody>[]> {
    const days = await this.#options.records.days(maxRoots);
    const roots: Signed<RootBody>[] = [];
    // One after the other, so that other work runs in between.
    for (const day of days) {
      const root = await this.root(day);
      if (root !== null) roots.push(root);
    }
    return roots;
  }

  async publicKeys(): Promise<PublicKey[]> {
    const keys = await this.#keys();
    return keys.map(({ key_id, public_key, created_at }) => ({ key_id, public_key, created_at }));
  }

  /** Newest first; the first one signs. */
  #keys(): Promise<[SigningKeysTable, ...SigningKeysTable[]]> {
    const { records, now } = this.#options;
    return records.keys(isoTime(now() - rotateMs), isoTime(now()));
  }
}
