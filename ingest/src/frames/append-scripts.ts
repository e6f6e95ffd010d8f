import { defineScript } from 'redis';
import type { CommandParser } from '@redis/client';

/**
 * The decisions of `stream.ts` inside Redis, so that a message is stored whole or not at all and replicas never disagree. A Redis
 * script is not undone when it fails, so each decides everything before it writes anything.
 *
 * Stream hash `frames_state:{session_id}`: seqs (`0-41,50-52`), chain, srv (next server number), sealed, lost:<reason> (numbered),
 * told:<reason> (the client's totals). Numbers are formatted with %.0f, because Lua writes large ones as 1e+15.
 */

const rejectSealed = `
local stream = KEYS[1]
local index = KEYS[2]
local retention = ARGV[1]
local stream_retention = ARGV[2]
local known = redis.call('HMGET', stream, 'sealed', 'seqs', 'chain')
if known[1] then return {'sealed'} end
local first = 1 - redis.call('EXISTS', stream)
`;

const number = `
local function text(n) return string.format('%.0f', n) end
`;

/** ARGV: …, max gaps, chain, counts of frames, losses and totals, then id seq timestamp json…, reason from to…, reason total… */
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
local at = 8
local write = {}
local frames = tonumber(ARGV[5])
for frame = 1, frames do
  local seq = tonumber(ARGV[at + 1])
  if cover(seq, seq) > 0 then write[#write + 1] = {at, KEYS[2 + frame]} end
  at = at + 4
end
local lost = {}
for _ = 1, tonumber(ARGV[6]) do
  local added = cover(tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]))
  if added > 0 then lost[#lost + 1] = {ARGV[at], added} end
  at = at + 3
end
if #ranges > tonumber(ARGV[3]) then return {'too_many_gaps'} end

local seqs = {}
for i, range in ipairs(ranges) do seqs[i] = text(range[1]) .. '-' .. text(range[2]) end
local chain = known[3] or ''
if #write > 0 and ARGV[4] ~= '' then chain = ARGV[4] end
for _, frame in ipairs(write) do
  redis.call('SET', frame[2], ARGV[frame[1] + 3], 'EX', retention)
  redis.call('ZADD', index, ARGV[frame[1] + 2], ARGV[frame[1]])
end
if #write > 0 then redis.call('EXPIRE', index, retention) end
redis.call('HSET', stream, 'seqs', table.concat(seqs, ','), 'chain', chain)
for _, loss in ipairs(lost) do redis.call('HINCRBY', stream, 'lost:' .. loss[1], text(loss[2])) end
for _ = 1, tonumber(ARGV[7]) do
  local field = 'told:' .. ARGV[at]
  local before = tonumber(redis.call('HGET', stream, field) or '0')
  if tonumber(ARGV[at + 1]) > before then redis.call('HSET', stream, field, ARGV[at + 1]) end
  at = at + 2
end
redis.call('EXPIRE', stream, stream_retention)
local up_to = '-1'
if ranges[1] and ranges[1][1] == 0 then up_to = text(ranges[1][2]) end
return {'stored', tostring(#write), up_to, chain, tostring(first)}
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
