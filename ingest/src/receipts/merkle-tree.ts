import { createHash } from 'node:crypto';

const hash = (prefix: number, ...parts: readonly Buffer[]): Buffer =>
  createHash('sha256')
    .update(Buffer.from([prefix]))
    .update(Buffer.concat(parts))
    .digest();

/** Hash of a leaf, hex. Leaves and nodes have different prefixes, as in RFC 6962, section 2.1. */
export const leafHash = (text: string): string => hash(0, Buffer.from(text)).toString('hex');

const nodeHash = (left: string, right: string): string =>
  hash(1, Buffer.from(left, 'hex'), Buffer.from(right, 'hex')).toString('hex');

/** The largest power of two below a number of leaves. */
const splitOf = (leaves: number): number => 2 ** Math.floor(Math.log2(leaves - 1));

/** Root of a tree, hex. @param leaves of `leafHash`, at least one */
export const merkleRoot = (leaves: readonly string[]): string => {
  const [first] = leaves;
  if (first === undefined) return createHash('sha256').digest('hex');
  if (leaves.length === 1) return first;
  const split = splitOf(leaves.length);
  return nodeHash(merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split)));
};

/** One step from a leaf to the root: the sibling's hash, and on which side it is. */
export interface ProofStep {
  side: 'left' | 'right';
  hash: string;
}

/** From the leaf upwards. */
export const merkleProof = (leaves: readonly string[], place: number): ProofStep[] => {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return place < split
    ? [...merkleProof(left, place), { side: 'right', hash: merkleRoot(right) }]
    : [...merkleProof(right, place - split), { side: 'left', hash: merkleRoot(left) }];
};

export const rootOfProof = (leaf: string, proof: readonly ProofStep[]): string =>
  proof.reduce(
    (below, { side, hash: sibling }) => (side === 'left' ? nodeHash(sibling, below) : nodeHash(below, sibling)),
    leaf,
  );
