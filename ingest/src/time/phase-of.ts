/**
 * A number from 0 (included) to 1 (excluded), always the same for an id and evenly spread over ids. An exam's sessions begin at the same time;
 * work that each repeats at its own phase of the interval does not come in bursts.
 */
export const phaseOf = (id: string): number => {
  // FNV-1a, 32 bits, with the finalizer of MurmurHash3: ids often differ in their last characters only.
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
};
