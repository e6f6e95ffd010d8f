import { frameScript } from './frame-script.ts';

/** KEYS: stream. ARGV: a nonce for a chain that begins now, the stream's life in seconds. Returns whether it existed, then its hash. */
const openStream = `
local known = redis.call('EXISTS', KEYS[1])
if redis.call('HEXISTS', KEYS[1], 'sealed') == 0 then
  redis.call('HSETNX', KEYS[1], 'nonce', ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[2])
end
local answer = redis.call('HGETALL', KEYS[1])
table.insert(answer, 1, tostring(known))
return answer
`;

/** KEYS: index, prefix of the frames' keys. ARGV: maximum number of frames. Removes the earliest frames; returns how many. */
const removeFrames = `
local ids = redis.call('ZRANGE', KEYS[1], 0, tonumber(ARGV[1]) - 1)
if #ids == 0 then return {'0'} end
local keys = {}
for place, id in ipairs(ids) do keys[place] = KEYS[2] .. id end
redis.call('UNLINK', unpack(keys))
redis.call('ZREM', KEYS[1], unpack(ids))
return {tostring(#ids)}
`;

export const streamScripts = { openStream: frameScript(openStream), removeFrames: frameScript(removeFrames) };
