import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { keyIdOf } from '../model/key-id.ts';
import { leafHash, rootOfProof } from './merkle-tree.ts';
import type { ProofStep } from './merkle-tree.ts';

/** A receipt's contents. They commit to the report, byte for byte, and to the frames and the times when the server received them. */
export interface ReceiptBody {
  format: 'invigil-receipt/1';
  session_id: string;
  /** Version of the report. */
  version: number;
  frames: number;
  /** Head of the frame chain. */
  chain: string | null;
  /** Hash over the frames' times of receipt; null with rules before version 3. */
  received: string | null;
  /** SHA-256 of the report's JSON, hex. */
  report_sha256: string;
  /** Merkle leaf of the previous version's receipt, hex; null for version 1. */
  previous: string | null;
  signed_at: string;
  key_id: string;
}

/** `signature`: Ed25519 over the JSON of all other fields in this order, base64url. */
export type Signed<Body> = Body & { signature: string };

export interface RootBody {
  format: 'invigil-root/1';
  /** UTC date: `2026-11-28`. */
  day: string;
  receipts: number;
  /** Merkle root over that day's receipts (RFC 6962), hex. */
  root: string;
  key_id: string;
}

export interface PublicKey {
  key_id: string;
  /** SPKI in DER, base64url. */
  public_key: string;
  created_at: string;
}

const key = (text: string): Buffer => Buffer.from(text, 'base64url');

/** @param privateKey PKCS #8 in DER, base64url */
export const signBody = <Body extends object>(body: Body, privateKey: string): Signed<Body> => {
  const pkcs8 = createPrivateKey({ key: key(privateKey), format: 'der', type: 'pkcs8' });
  return { ...body, signature: sign(null, Buffer.from(JSON.stringify(body)), pkcs8).toString('base64url') };
};

const isSignedBy = (signed: { signature: string; key_id: string }, keys: readonly PublicKey[]): boolean => {
  const known = keys.find(({ key_id: id }) => id === signed.key_id);
  if (known === undefined) return false;
  if (keyIdOf(key(known.public_key)) !== known.key_id) return false;
  const { signature, ...body } = signed;
  const spki = createPublicKey({ key: key(known.public_key), format: 'der', type: 'spki' });
  return verify(null, Buffer.from(JSON.stringify(body)), spki, key(signature));
};

/** A published receipt. `proof` and `root` are null until its day's root is published. */
export interface ReceiptAnswer {
  receipt: Signed<ReceiptBody>;
  proof: ProofStep[] | null;
  root: Signed<RootBody> | null;
  /** Public keys of `receipt` and `root`. Compare their ids with the published ones. */
  keys: PublicKey[];
}

export interface ReceiptEvidence {
  answer: Omit<ReceiptAnswer, 'keys'>;
  /** Keys from the server's well-known URL, or those in the receipt. */
  keys: readonly PublicKey[];
  /** The day's root from an independent source; null: use the root in the answer. */
  root: Signed<RootBody> | null;
  /** The report's JSON; null: do not check it. */
  report: string | null;
}

/** Verifies offline. @returns the problem, or null if the receipt is valid */
export const receiptProblem = ({ answer, keys, root: known, report }: ReceiptEvidence): string | null => {
  const { receipt, proof } = answer;
  if (!isSignedBy(receipt, keys)) return 'the receipt is not signed by one of these keys';
  if (report !== null && createHash('sha256').update(report).digest('hex') !== receipt.report_sha256) {
    return 'the report is not the one that was signed';
  }
  const root = known ?? answer.root;
  if (root === null) return null;
  if (!isSignedBy(root, keys)) return 'the root is not signed by one of these keys';
  if (proof === null) return 'the receipt has no proof for this root';
  const reached = rootOfProof(leafHash(JSON.stringify(receipt)), proof);
  return reached === root.root ? null : `the receipt is not part of the root of ${root.day}`;
};
