import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leafHash, merkleProof, merkleRoot, rootOfProof } from './merkle-tree.ts';

const sha256 = (hex: string): string => createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex');

/** A second implementation of the tree of RFC 6962, section 2.1, from the leaves upwards. */
const expectedRoot = (leaves: readonly string[]): string => {
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(`01${expectedRoot(leaves.slice(0, split))}${expectedRoot(leaves.slice(split))}`);
};
const leavesOf = (count: number): string[] => Array.from({ length: count }, (_, at) => leafHash(`leaf ${at}`));

describe('the hashes of RFC 6962', () => {
  test('of a leaf and of an empty tree', () => {
    // Test vectors of the Certificate Transparency reference implementation.
    expect(leafHash('')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(merkleRoot([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 100])('of a tree of %i leaves', (count) => {
    expect(merkleRoot(leavesOf(count))).toBe(expectedRoot(leavesOf(count)));
  });

  test('a leaf is no node: two leaves cannot be passed off as one', () => {
    const [one, other] = leavesOf(2) as [string, string];
    const joined = Buffer.concat([Buffer.from([1]), Buffer.from(one + other, 'hex')]).toString('latin1');
    expect(leafHash(joined)).not.toBe(merkleRoot([one, other]));
  });
});

describe('proofs', () => {
  test('have as many steps as the tree has levels above the leaf', () => {
    expect(merkleProof(leavesOf(1), 0)).toEqual([]);
    expect(merkleProof(leavesOf(8), 3)).toHaveLength(3);
    // The fifth of five leaves is the root's whole right subtree.
    expect(merkleProof(leavesOf(5), 4)).toHaveLength(1);
  });

  test('lead to the root from each place, and nowhere once any step is changed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 64 }), fc.nat(), fc.nat(), (count, pick, change) => {
        const leaves = leavesOf(count);
        const place = pick % count;
        const proof = merkleProof(leaves, place);
        const root = merkleRoot(leaves);
        expect(rootOfProof(leaves[place]!, proof)).toBe(root);
        const at = change % proof.length;
        const step = proof[at]!;
        const flipped = proof.with(at, { ...step, side: step.side === 'left' ? 'right' : 'left' });
        const replaced = proof.with(at, { ...step, hash: leafHash('another') });
        expect(rootOfProof(leaves[place]!, flipped)).not.toBe(root);
        expect(rootOfProof(leaves[place]!, replaced)).not.toBe(root);
        expect(rootOfProof(leaves[place]!, proof.slice(0, -1))).not.toBe(root);
      }),
    );
  });

  test('the order and the number of leaves count', () => {
    const leaves = leavesOf(7);
    expect(merkleRoot(leaves.toReversed())).not.toBe(merkleRoot(leaves));
    expect(merkleRoot([...leaves, leaves[6]!])).not.toBe(merkleRoot(leaves));
  });
});
