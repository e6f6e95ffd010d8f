import { frameScript } from './frame-script.ts';

/**
 * The decisions of `stream.ts` inside Redis, so that a message is stored completely or not at all and replicas never disagree. Redis
 * does not roll a failed script back, so each script decides everything before it writes anything.
 *
 * Stream hash `frames_state:{session_id}`: seqs (`0-41,50-52`), nonce, chain (head), links, confirmed and chained (frames) of the
 * chain, srv (next server number), received (the latest receipt), sealed (when), refused and refused_seqs (see `seal-scripts.ts`),
 * lost:<reason> (from numbered ranges), told:<reason> (the client's totals), dropped:<writer> (see `FrameIntake.dropped`). List
 * `frames_links:{session_id}`: link, whether the client confirmed it, the numbers it covers (`c0ffee… 1 0-4`). Numbers are formatted
 * with %.0f, because Lua writes large ones as 1e+15.
 */

const openStream = `
local stream, index = KEYS[1], KEYS[2]
local retention, stream_retention = ARGV[1], ARGV[2]
local sealed, known_seqs, chain_head, chain_nonce, last_received =
  unpack(redis.call('HMGET', stream, 'sealed', 'seqs', 'chain', 'nonce', 'received'), 1, 5)
if sealed then return {'sealed', sealed} end
local is_first = 1 - redis.call('EXISTS', stream)
local function text(n) return string.format('%.0f', n) end
local function next_receipt(received)
  if not last_received then return text(tonumber(received)) end
  return text(math.max(tonumber(received), tonumber(last_received) + 1))
end
`;

/** Disjoint, ascending, never adjacent ranges, as in `seq-coverage.ts`. `cover` adds a range; returns how many of its numbers are new. */
export const coverage = `
local ranges = {}
for from, to in string.gmatch(known_seqs or '', '(%d+)-(%d+)') do
  ranges[#ranges + 1] = {from = tonumber(from), to = tonumber(to)}
end
local function cover(from, to)
  local first = #ranges + 1
  while first > 1 and ranges[first - 1].to >= from - 1 do first = first - 1 end
  local low, high, settled, after = from, to, 0, first
  while after <= #ranges and ranges[after].from <= to + 1 do
    local range = ranges[after]
    settled = settled + math.max(0, math.min(to, range.to) - math.max(from, range.from) + 1)
    low = math.min(low, range.from)
    high = math.max(high, range.to)
    after = after + 1
  end
  local added = to - from + 1 - settled
  if added == 0 then return 0 end
  if after == first then
    table.insert(ranges, first, {from = low, to = high})
  else
    ranges[first] = {from = low, to = high}
    for _ = first + 1, after - 1 do table.remove(ranges, first + 1) end
  end
  return added
end
local function join(list)
  local texts = {}
  for i, range in ipairs(list) do texts[i] = text(range.from) .. '-' .. text(range.to) end
  return table.concat(texts, ',')
end
`;

/**
 * KEYS: stream, index, links, then each frame's. ARGV: see `appendArguments`.
 *
 * Redis cannot compute SHA-256, so the caller sends the link. If it follows another head, or some frames are not new, the script writes
 * nothing and returns `relink` with the inputs for a new link: the head and the positions of the new frames.
 */
const append = `${openStream}${coverage}
local links = KEYS[3]
local max_gaps, nonce, previous, link, confirmed = unpack(ARGV, 3, 7)
local frame_count, loss_count, total_count = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local received = next_receipt(ARGV[11])
local next_argument = 12
local function take(count)
  local from = next_argument
  next_argument = from + count
  return unpack(ARGV, from, next_argument - 1)
end

local new_frames = {}
for place = 1, frame_count do
  local id, seq_text, timestamp, json = take(4)
  local seq = tonumber(seq_text)
  if cover(seq, seq) > 0 then
    new_frames[#new_frames + 1] =
      {place = place - 1, key = KEYS[3 + place], id = id, seq = seq, timestamp = timestamp, json = json}
  end
end
local head = chain_head or chain_nonce or ''
local expected_previous = head == '' and nonce or head
if #new_frames > 0 and (#new_frames < frame_count or previous ~= expected_previous) then
  local answer = {'relink', head}
  for _, frame in ipairs(new_frames) do answer[#answer + 1] = tostring(frame.place) end
  return answer
end
local losses = {}
for _ = 1, loss_count do
  local reason, from, to = take(3)
  local added = cover(tonumber(from), tonumber(to))
  if added > 0 then losses[#losses + 1] = {reason = reason, count = added} end
end
if #ranges > tonumber(max_gaps) then return {'too_many_gaps'} end

if #new_frames > 0 then
  local covered = {}
  for _, frame in ipairs(new_frames) do
    local last = covered[#covered]
    if last and last.to + 1 == frame.seq then
      last.to = frame.seq
    else
      covered[#covered + 1] = {from = frame.seq, to = frame.seq}
    end
  end
  if head == '' then redis.call('HSET', stream, 'nonce', nonce) end
  head = link
  redis.call('RPUSH', links, head .. ' ' .. confirmed .. ' ' .. join(covered))
  redis.call('EXPIRE', links, stream_retention)
  redis.call('HSET', stream, 'chain', head, 'received', received)
  redis.call('HINCRBY', stream, 'links', 1)
  redis.call('HINCRBY', stream, 'confirmed', confirmed)
  redis.call('HINCRBY', stream, 'chained', #new_frames)
  for _, frame in ipairs(new_frames) do
    local json = '{"frame_id":"' .. frame.id .. '","received_at":' .. received .. ',' .. frame.json
    redis.call('SET', frame.key, json, 'EX', retention)
    redis.call('ZADD', index, frame.timestamp, frame.id)
  end
  redis.call('EXPIRE', index, retention)
end
redis.call('HSET', stream, 'seqs', join(ranges))
for _, loss in ipairs(losses) do redis.call('HINCRBY', stream, 'lost:' .. loss.reason, text(loss.count)) end
for _ = 1, total_count do
  local field, total = take(2)
  local before = tonumber(redis.call('HGET', stream, field) or '0')
  if tonumber(total) > before then redis.call('HSET', stream, field, total) end
end
redis.call('EXPIRE', stream, stream_retention)
local up_to = '-1'
if ranges[1] and ranges[1].from == 0 then up_to = text(ranges[1].to) end
local link_count, single_count = unpack(redis.call('HMGET', stream, 'links', 'srv'), 1, 2)
return {'stored', tostring(#new_frames), up_to, head, tostring(is_first), received, link_count or '0', single_count or '0'}
`;

/**
 * ARGV: …, timestamp, receipt, the frame's JSON without its number, its receipt and its opening brace, whether the stream must exist. KEYS[3]: prefix of the
 * frame's key.
 */
const appendNext = `${openStream}
if is_first == 1 and ARGV[6] == '1' then return {'missing'} end
local key_prefix = KEYS[3]
local timestamp, received, json_tail = ARGV[3], next_receipt(ARGV[4]), ARGV[5]
local seq = text(redis.call('HINCRBY', stream, 'srv', 1) - 1)
local id = 'srv-' .. seq
redis.call('HSET', stream, 'received', received)
local json = '{"frame_id":"' .. id .. '","seq":' .. seq .. ',"received_at":' .. received .. ',' .. json_tail
redis.call('SET', key_prefix .. id, json, 'EX', retention)
redis.call('ZADD', index, timestamp, id)
redis.call('EXPIRE', index, retention)
redis.call('EXPIRE', stream, stream_retention)
local link_count, single_count = unpack(redis.call('HMGET', stream, 'links', 'srv'), 1, 2)
return {'stored', id, tostring(is_first), received, link_count or '0', single_count}
`;

export const frameScripts = { appendFrames: frameScript(append), appendNextFrame: frameScript(appendNext) };
