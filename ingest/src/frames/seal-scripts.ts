import { coverage } from './append-scripts.ts';
import { frameScript } from './frame-script.ts';

/** The decisions of `sealed-stream.ts` inside Redis. */

/**
 * KEYS: stream. ARGV: the stream's life in seconds, when it is sealed. A full Redis must allow it, because the end of a session frees memory: see
 * `archive-scripts.ts` for the first write.
 */
const sealStream = `
redis.call('HDEL', KEYS[1], '')
redis.call('HSETNX', KEYS[1], 'sealed', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[1])
return {}
`;

/** KEYS: stream. ARGV: most gaps, frames without a number, then the first and last number of each range. Returns all that were refused, and those that this call added. */
const refuseFrames = `
local stream = KEYS[1]
local max_gaps, missing = tonumber(ARGV[1]), tonumber(ARGV[2])
local sealed, refused, seqs, refused_seqs = unpack(redis.call('HMGET', stream, 'sealed', 'refused', 'seqs', 'refused_seqs'), 1, 4)
if not sealed then return {'0', '0'} end
local known_seqs = refused_seqs or seqs
local function text(n) return string.format('%.0f', n) end
${coverage}
for at = 3, #ARGV, 2 do missing = missing + cover(tonumber(ARGV[at]), tonumber(ARGV[at + 1])) end
if missing == 0 or #ranges > max_gaps then return {refused or '0', '0'} end
redis.call('HSET', stream, 'refused_seqs', join(ranges))
return {text(redis.call('HINCRBY', stream, 'refused', missing)), text(missing)}
`;

/** KEYS: stream, index, links. ARGV: the stream's life in seconds, when it is sealed unless it was before. */
const retireStream = `
local stream = KEYS[1]
local sealed, refused, seqs, refused_seqs = unpack(redis.call('HMGET', stream, 'sealed', 'refused', 'seqs', 'refused_seqs'), 1, 4)
redis.call('UNLINK', unpack(KEYS))
redis.call('HSET', stream, 'sealed', sealed or ARGV[2], 'refused', refused or '0', 'refused_seqs', refused_seqs or seqs or '', 'retired', '1')
redis.call('EXPIRE', stream, ARGV[1])
return {}
`;

export const sealScripts = {
  sealStream: frameScript(sealStream),
  refuseFrames: frameScript(refuseFrames),
  retireStream: frameScript(retireStream),
};
