-- Writes what a step came to, all or nothing, and only if nobody wrote in between. KEYS[1] is the prefix of the shop's keys.
-- ARGV 1 generation that was read · 2 µs that tests have moved the clock · then as often as they say, each time n and n times:
--   span in s, m, m names, m times digest and time until which it counts, µs   deliveries to remember for that long
--   SKU, owner                                                       owners
--   SKU, listings or '', m, listings gone, m, listings gained, m, m lanes and revisions read   the directory
--   lane, revisions read, m, m keys, m records                       entries
--   SKU                                                              SKUs that must stand nowhere still
--   line, m, m keys                                                  lines that are left
--   line, m, m times score and key                                   lines that are joined, after that
--   lane, key, notes                                                 history
-- An entry's revision is the first four bytes of its record, zeros where there is none. Answers 1, or 0 where somebody was faster
-- and nothing was written.
local p, at = KEYS[1], 1
local function take()
  at = at + 1
  return ARGV[at - 1]
end
-- Calls a command with the arguments from the one at `from` on, `count` of them, not too many at a time; `step` belong together.
local function each(command, key, from, count, step)
  for first = from, from + count - 1, 1000 * step do
    redis.call(command, key, unpack(ARGV, first, math.min(first + 1000 * step, from + count) - 1))
  end
end
if redis.call('HGET', p .. ':meta', 'generation') ~= take() then return 0 end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2]) + tonumber(take())

-- Each looks first, and gives what writes afterwards.
local writes = {}
local function remember()
  local span = take()
  local n, from, bucket = tonumber(take()), at, math.floor(now / 1000000 / tonumber(span))
  local function key(nth) return p .. ':deliveries:' .. span .. ':' .. string.format('%.0f', nth) end
  at = at + 2 * n
  for nth = bucket - 1, bucket + 1 do
    if redis.call('EXISTS', key(nth)) == 1 then
      for first = from, from + n - 1, 1000 do
        for _, seen in ipairs(redis.call('HMGET', key(nth), unpack(ARGV, first, math.min(first + 1000, from + n) - 1))) do
          if seen and tonumber(string.sub(seen, 33)) > now then return false end
        end
      end
    end
  end
  return function()
    local pairs = {}
    for i = 0, n - 1 do
      pairs[#pairs + 1], pairs[#pairs + 2] = ARGV[from + i], ARGV[from + n + i]
      if #pairs == 2000 or i == n - 1 then
        redis.call('HSET', key(bucket), unpack(pairs))
        pairs = {}
      end
    end
    -- What is two spans old counts no more. Unlinked it is gone at once, however much it holds; what nobody unlinks expires.
    redis.call('UNLINK', key(bucket - 2))
    redis.call('EXPIRE', key(bucket), 3 * tonumber(span))
  end
end
local function revision(record) return record and string.sub(record, 1, 4) or '\0\0\0\0' end
-- Numbers are compared: to cut texts out would make a text for each.
local function stands(record, revisions, nth)
  local a, b, c, d = string.byte(revisions, 4 * nth + 1, 4 * nth + 4)
  if not record then return a + b + c + d == 0 end
  local e, f, g, h = string.byte(record, 1, 4)
  return a == e and b == f and c == g and d == h
end
local function entries()
  local key, revisions = p .. ':entries:' .. take(), take()
  local n, from, flat = tonumber(take()), at, {}
  at = at + 2 * n
  for first = 0, n - 1, 1000 do
    local upto = math.min(first + 1000, n) - 1
    local held = redis.call('HMGET', key, unpack(ARGV, from + first, from + upto))
    local part = {}
    for i = first, upto do
      if not stands(held[i - first + 1], revisions, i) then return false end
      part[2 * (i - first) + 1], part[2 * (i - first) + 2] = ARGV[from + i], ARGV[from + n + i]
    end
    flat[#flat + 1] = part
  end
  return function()
    for _, part in ipairs(flat) do redis.call('HSET', key, unpack(part)) end
  end
end

for _ = 1, tonumber(take()) do
  local write = remember()
  if not write then return 0 end
  writes[#writes + 1] = write
end
local owners, owned = at + 1, tonumber(ARGV[at])
at = at + 1 + 2 * owned
local skus = {}
for i = 1, tonumber(take()) do
  local sku = {take(), take(), {}, {}}
  for part = 3, 4 do
    for m = 1, tonumber(take()) do sku[part][m] = take() end
  end
  -- A state that was taken since knows nothing of the new listings.
  for _ = 1, tonumber(take()) do
    local lane = take()
    if revision(redis.call('HGET', p .. ':entries:' .. lane, sku[1])) ~= take() then return 0 end
  end
  skus[i] = sku
end
for _ = 1, tonumber(take()) do
  local write = entries()
  if not write then return 0 end
  writes[#writes + 1] = write
end
-- A listing that appeared since the SKU was looked up released what was queued then, and this was not.
for _ = 1, tonumber(take()) do
  if redis.call('HEXISTS', p .. ':listings', take()) == 1 then return 0 end
end

for _, write in ipairs(writes) do write() end
each('HSET', p .. ':owners', owners, 2 * owned, 2)
for _, sku in ipairs(skus) do
  if sku[2] == '' then redis.call('HDEL', p .. ':listings', sku[1]) else redis.call('HSET', p .. ':listings', sku[1], sku[2]) end
  for _, listing in ipairs(sku[3]) do
    redis.call('SREM', p .. ':skus:' .. listing, sku[1])
    if redis.call('EXISTS', p .. ':skus:' .. listing) == 0 then redis.call('SREM', p .. ':products', listing) end
  end
  for _, listing in ipairs(sku[4]) do
    redis.call('SADD', p .. ':skus:' .. listing, sku[1])
    redis.call('SADD', p .. ':products', listing)
  end
end
for _, line in ipairs({{'ZREM', 1}, {'ZADD', 2}}) do
  for _ = 1, tonumber(take()) do
    local key, n = p .. ':' .. take(), tonumber(take()) * line[2]
    each(line[1], key, at, n, line[2])
    at = at + n
  end
end
for _ = 1, tonumber(take()) do
  -- Newest first, as many lines as are kept.
  local history, key = p .. ':history:' .. take(), take()
  local lines, kept = take() .. (redis.call('HGET', history, key) or ''), {}
  for line in string.gmatch(lines, '[^\n]+') do
    if #kept < 8 then kept[#kept + 1] = line .. '\n' end
  end
  redis.call('HSET', history, key, table.concat(kept))
end
return 1
