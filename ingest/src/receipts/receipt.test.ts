import { createHash, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leafHash, merkleProof, merkleRoot, rootOfProof } from './merkle-tree.ts';
import { keyIdOf } from '../model/key-id.ts';
import { receiptProblem, signBody } from './receipt.ts';
import type { ReceiptBody, RootBody } from './receipt.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const secret = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url');
const spki = publicKey.export({ format: 'der', type: 'spki' });
const keys = [
  {
    key_id: keyIdOf(spki),
    public_key: spki.toString('base64url'),
    created_at: '2026-01-05T09:00:00.000Z',
  },
];
const report = '{"risk":{"value":0}}';
const body: ReceiptBody = {
  format: 'invigil-receipt/1',
  session_id: 's',
  version: 1,
  frames: 10,
  chain: 'aa',
  received: 'bb',
  report_sha256: createHash('sha256').update(report).digest('hex'),
  previous: null,
  signed_at: '2026-01-05T10:00:00.000Z',
  key_id: keyIdOf(spki),
};
const receipt = signBody(body, secret);
const leaves = ['a', JSON.stringify(receipt), 'c'].map(leafHash);
const rootBody: RootBody = {
  format: 'invigil-root/1',
  day: '2026-01-05',
  receipts: 3,
  root: merkleRoot(leaves),
  key_id: keyIdOf(spki),
};
const root = signBody(rootBody, secret);
const answer = { receipt, proof: merkleProof(leaves, 1), root };

test('the proof of every leaf leads to the root, and of no other leaf', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 40 }), fc.nat(), (texts, pick) => {
      const all = texts.map(leafHash);
      const place = pick % all.length;
      const proof = merkleProof(all, place);
      expect(rootOfProof(all[place]!, proof)).toBe(merkleRoot(all));
      expect(rootOfProof(leafHash('another leaf, longer than all of them'), proof)).not.toBe(merkleRoot(all));
    }),
  );
});

test('a receipt is verified with keys, root and report', () => {
  expect(receiptProblem({ answer, keys, root, report })).toBeNull();
  expect(receiptProblem({ answer: { receipt, proof: null, root: null }, keys, root: null, report: null })).toBeNull();
});

test('any change is detected', () => {
  const problem = (changed: Partial<typeof answer>, text = report) =>
    receiptProblem({ answer: { ...answer, ...changed }, keys, root: null, report: text });
  expect(problem({ receipt: { ...receipt, frames: 9 } })).toContain('not signed');
  expect(problem({}, `${report} `)).toContain('not the one that was signed');
  expect(problem({ root: { ...root, receipts: 2 } })).toContain('root is not signed');
  expect(problem({ receipt: signBody({ ...body, frames: 9 }, secret) })).toContain('not part of the root');
  expect(receiptProblem({ answer, keys: [], root: null, report: null })).toContain('not signed');
  const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).toString('base64url');
  const exchanged = keys.map((known) => ({ ...known, public_key: other }));
  expect(receiptProblem({ answer, keys: exchanged, root: null, report: null })).toContain('not signed');
});
