import { defineScript } from 'redis';
import type { CommandParser } from '@redis/client';

/**
 * The decisions of `stream.ts` inside Redis, so that a message is stored whole or not at all and replicas never disagree. A Redis
 * script is not undone when it fails, so each decides everything before it writes anything.
 *
 * Stream hash `frames_state:{session_id}`: seqs (`0-41,50-52`), nonce, chain (head), links, confirmed and chained (frames) of the
 * chain, srv (next server number), sealed, lost:<reason> (numbered), told:<reason> (the client's totals). List
 * `frames_links:{session_id}`: a link, whether it is confirmed, what it covers (`c0ffee… 1 0-4`). Numbers are formatted with %.0f,
 * because Lua writes large ones as 1e+15.
 */

const rejectSealed = `
local stream = KEYS[1]
local index = KEYS[2]
local retention = ARGV[1]
local stream_retention = ARGV[2]
local known = redis.call('HMGET', stream, 'sealed', 'seqs', 'chain', 'nonce')
if known[1] then return {'sealed'} end
local first = 1 - redis.call('EXISTS', stream)
`;

const number = `
local function text(n) return string.format('%.0f', n) end
`;

/**
 * KEYS: stream, index, links, then each frame's. ARGV: …, max gaps, nonce for a chain that begins here, head before, link, whether it
 * is confirmed, counts of frames, losses and totals, then id seq timestamp json…, reason from to…, reason total…
 *
 * Redis cannot hash, so the link comes with the frames. Where it was made for another head, or not all of the frames are new, nothing
 * is written and the answer says what it must be made of: `relink`, the head, the places of the new frames.
 */
const append = `${rejectSealed}${number}
local ranges = {}
for from, to in string.gmatch(known[2] or '', '(%d+)-(%d+)') do
  ranges[#ranges + 1] = {tonumber(from), tonumber(to)}
end
local function cover(from, to)
  local i = #ranges + 1
  while i > 1 and ranges[i - 1][2] >= from - 1 do i = i - 1 end
  local low, high, settled, after = from, to, 0, i
  while after <= #ranges and ranges[after][1] <= to + 1 do
    local range = ranges[after]
    settled = settled + math.max(0, math.min(to, range[2]) - math.max(from, range[1]) + 1)
    low = math.min(low, range[1])
    high = math.max(high, range[2])
    after = after + 1
  end
  local added = to - from + 1 - settled
  if added == 0 then return 0 end
  if after == i then
    table.insert(ranges, i, {low, high})
  else
    ranges[i] = {low, high}
    for _ = i + 1, after - 1 do table.remove(ranges, i + 1) end
  end
  return added
end
local at = 11
local write = {}
local new = {}
local frames = tonumber(ARGV[8])
for frame = 1, frames do
  local seq = tonumber(ARGV[at + 1])
  if cover(seq, seq) > 0 then
    write[#write + 1] = {at, KEYS[3 + frame]}
    new[#new + 1] = {seq, seq}
  end
  at = at + 4
end
local head = known[3] or ''
if head == '' then head = known[4] or '' end
if #write > 0 and (#write < frames or ARGV[5] ~= (head == '' and ARGV[4] or head)) then
  local answer = {'relink', head}
  for _, frame in ipairs(write) do answer[#answer + 1] = tostring((frame[1] - 11) / 4) end
  return answer
end
local lost = {}
for _ = 1, tonumber(ARGV[9]) do
  local added = cover(tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]))
  if added > 0 then lost[#lost + 1] = {ARGV[at], added} end
  at = at + 3
end
if #ranges > tonumber(ARGV[3]) then return {'too_many_gaps'} end

local seqs = {}
for i, range in ipairs(ranges) do seqs[i] = text(range[1]) .. '-' .. text(range[2]) end
if #write > 0 then
  local covered = {}
  for _, range in ipairs(new) do
    local last = covered[#covered]
    if last and last[2] + 1 == range[1] then last[2] = range[2] else covered[#covered + 1] = range end
  end
  for i, range in ipairs(covered) do covered[i] = text(range[1]) .. '-' .. text(range[2]) end
  if head == '' then redis.call('HSET', stream, 'nonce', ARGV[4]) end
  head = ARGV[6]
  redis.call('RPUSH', KEYS[3], head .. ' ' .. ARGV[7] .. ' ' .. table.concat(covered, ','))
  redis.call('EXPIRE', KEYS[3], stream_retention)
  redis.call('HSET', stream, 'chain', head)
  redis.call('HINCRBY', stream, 'links', 1)
  redis.call('HINCRBY', stream, 'confirmed', ARGV[7])
  redis.call('HINCRBY', stream, 'chained', #write)
end
for _, frame in ipairs(write) do
  redis.call('SET', frame[2], ARGV[frame[1] + 3], 'EX', retention)
  redis.call('ZADD', index, ARGV[frame[1] + 2], ARGV[frame[1]])
end
if #write > 0 then redis.call('EXPIRE', index, retention) end
redis.call('HSET', stream, 'seqs', table.concat(seqs, ','))
for _, loss in ipairs(lost) do redis.call('HINCRBY', stream, 'lost:' .. loss[1], text(loss[2])) end
for _ = 1, tonumber(ARGV[10]) do
  local field = 'told:' .. ARGV[at]
  local before = tonumber(redis.call('HGET', stream, field) or '0')
  if tonumber(ARGV[at + 1]) > before then redis.call('HSET', stream, field, ARGV[at + 1]) end
  at = at + 2
end
redis.call('EXPIRE', stream, stream_retention)
local up_to = '-1'
if ranges[1] and ranges[1][1] == 0 then up_to = text(ranges[1][2]) end
return {'stored', tostring(#write), up_to, head, tostring(first)}
`;

/** ARGV: …, timestamp, the frame's JSON without its number and its opening brace. KEYS[3]: prefix of the frame's key. */
const appendNext = `${rejectSealed}${number}
local n = text(redis.call('HINCRBY', stream, 'srv', 1) - 1)
local id = 'srv-' .. n
redis.call('SET', KEYS[3] .. id, '{"frame_id":"' .. id .. '","seq":' .. n .. ',' .. ARGV[4], 'EX', retention)
redis.call('ZADD', index, ARGV[3], id)
redis.call('EXPIRE', index, retention)
redis.call('EXPIRE', stream, stream_retention)
return {'stored', id, tostring(first)}
`;

const script = (SCRIPT: string) =>
  defineScript({
    SCRIPT,
    parseCommand(parser: CommandParser, keys: string[], words: string[]) {
      parser.pushKeysLength(keys);
      parser.push(...words);
    },
    transformReply: (reply: unknown): string[] => reply as string[],
  });

export const frameScripts = { appendFrames: script(append), appendNextFrame: script(appendNext) };
