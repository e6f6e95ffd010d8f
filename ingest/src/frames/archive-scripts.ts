import { coverage } from './append-scripts.ts';
import { frameScript } from './frame-script.ts';

/**
 * Moving a session's frames to the archive, in Redis. Fields of the stream hash: generation, archived_links and archived_srv (messages in the
 * archive). The list of links loses its archived links, so that index 0 is the link at place archived_links.
 *
 * A full Redis must allow all of this, because moving frames is what frees its memory. It refuses a script's first write if that command could
 * need memory, but none after another write. So each script begins with one that needs none (`HDEL`, `PERSIST`, `LTRIM`).
 */

/** KEYS: stream. ARGV: a new generation. Empty if the store has no frames of the session any more. */
const archivedTo = `
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], 'retired') == 1 then return {} end
redis.call('HDEL', KEYS[1], '')
redis.call('HSETNX', KEYS[1], 'generation', ARGV[1])
local generation, links, singles = unpack(redis.call('HMGET', KEYS[1], 'generation', 'archived_links', 'archived_srv'), 1, 3)
return {generation, links or '0', singles or '0'}
`;

/** KEYS: stream, links. ARGV: place, count. Returns whether the place is in the archive (`archived`, `here`), then the links. */
const linksFrom = `
local place, count = tonumber(ARGV[1]), tonumber(ARGV[2])
local from = place - tonumber(redis.call('HGET', KEYS[1], 'archived_links') or '0')
if from < 0 then return {'archived'} end
local links = redis.call('LRANGE', KEYS[2], from, from + count - 1)
table.insert(links, 1, 'here')
return links
`;

/** KEYS: stream, index, links, then each frame's. ARGV: generation, links and srv before and after, then the frames' ids. */
const removeArchived = `
local stream, index, links = KEYS[1], KEYS[2], KEYS[3]
local expected_generation, from_links, from_singles, to_links, to_singles = unpack(ARGV, 1, 5)
local generation, archived_links, archived_singles =
  unpack(redis.call('HMGET', stream, 'generation', 'archived_links', 'archived_srv'), 1, 3)
if generation ~= expected_generation then return {'gone'} end
if (archived_links or '0') ~= from_links or (archived_singles or '0') ~= from_singles then return {'moved'} end
redis.call('LTRIM', links, tonumber(to_links) - tonumber(from_links), -1)
redis.call('HSET', stream, 'archived_links', to_links, 'archived_srv', to_singles)
for place = 4, #KEYS do
  redis.call('UNLINK', KEYS[place])
  redis.call('ZREM', index, ARGV[place + 2])
end
return {'removed'}
`;

/**
 * The decisions of `resumeStream`. KEYS: stream, index, links. ARGV: prefix of the frames' keys, the stream's life in seconds, generation, links, srv, nonce
 * (empty: no chain), chain, confirmed, chained, received, then the first and last number of each range. Whatever the store still has is in
 * the archive.
 */
const resumeStream = `
local stream, index, links = KEYS[1], KEYS[2], KEYS[3]
local key_prefix, stream_retention, generation, to_links, to_singles, nonce, head, confirmed, chained, received = unpack(ARGV, 1, 10)
local known_links, known_singles, known_received, known_seqs, retired =
  unpack(redis.call('HMGET', stream, 'links', 'srv', 'received', 'seqs', 'retired'), 1, 5)
local behind_links = tonumber(to_links) - tonumber(known_links or '0')
local behind_singles = tonumber(to_singles) - tonumber(known_singles or '0')
if retired or behind_links < 0 or behind_singles < 0 or behind_links + behind_singles == 0 then return {'kept'} end
if tonumber(known_received or '0') > tonumber(received) then return {'kept'} end
local function text(n) return string.format('%.0f', n) end
${coverage}
for at = 11, #ARGV, 2 do cover(tonumber(ARGV[at]), tonumber(ARGV[at + 1])) end
redis.call('UNLINK', links)
for _, id in ipairs(redis.call('ZRANGE', index, 0, -1)) do redis.call('UNLINK', key_prefix .. id) end
redis.call('UNLINK', index)
redis.call('HSET', stream, 'generation', generation, 'archived_links', to_links, 'archived_srv', to_singles,
  'links', to_links, 'srv', to_singles, 'received', received, 'seqs', join(ranges))
if nonce ~= '' then
  redis.call('HSET', stream, 'nonce', nonce, 'chain', head, 'confirmed', confirmed, 'chained', chained)
end
redis.call('EXPIRE', stream, stream_retention)
return {'resumed'}
`;

/** KEYS: the claim. ARGV: the claimant, for how many milliseconds. Returns whether it has the claim now. */
const claimArchiving = `
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return {'0'} end
redis.call('PERSIST', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {'1'}
`;

export const archiveScripts = {
  archivedTo: frameScript(archivedTo),
  linksFrom: frameScript(linksFrom),
  removeArchived: frameScript(removeArchived),
  resumeStream: frameScript(resumeStream),
  claimArchive: frameScript(claimArchiving),
};
