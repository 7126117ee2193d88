-- Writes what a step came to, all or nothing, and only if nobody wrote in between. KEYS[1] is the prefix of the shop's keys.
-- ARGV 1 generation that was read · 2 the step's time in µs · then n and n times:
--   id, digest and time until which it counts, ms                                                   deliveries to remember
--   SKU, owner                                                       owners
--   SKU, listings or '', m, listings gone, m, listings gained, m, lanes and revisions read or ''        the directory
--   lane, key, revision read or '', record, line left, line joined, score, notes     entries
-- An entry's revision is the first four bytes of its record. Answers 1, or 0 where somebody was faster and nothing was written.
local p, at = KEYS[1], 1
local function take()
  at = at + 1
  return ARGV[at - 1]
end
if redis.call('HGET', p .. ':meta', 'generation') ~= take() then return 0 end
local now = tonumber(take())
local deliveries, owners, skus, moved, entries = {}, {}, {}, {}, {}
for i = 1, tonumber(take()) do
  deliveries[i] = {p .. ':seen:' .. take(), take(), take()}
  local seen = redis.call('GET', deliveries[i][1])
  if seen and tonumber(string.sub(seen, 33)) > now then return 0 end
end
for i = 1, tonumber(take()) do owners[i] = {take(), take()} end
for i = 1, tonumber(take()) do
  local sku = {take(), take(), {}, {}}
  for part = 3, 4 do
    for m = 1, tonumber(take()) do sku[part][m] = take() end
  end
  -- A state that was taken since knows nothing of the new listings.
  for m = 1, tonumber(take()) do
    local lane, revision = take(), take()
    local held = redis.call('HGET', p .. ':entries:' .. lane, sku[1])
    if (held and string.sub(held, 1, 4) or '') ~= revision then return 0 end
  end
  skus[i], moved[sku[1]] = sku, true
end
for i = 1, tonumber(take()) do
  local entry = {take(), take(), take(), take(), take(), take(), take(), take()}
  local held = redis.call('HGET', p .. ':entries:' .. entry[1], entry[2])
  if (held and string.sub(held, 1, 4) or '') ~= entry[3] then return 0 end
  -- A listing that appeared since the SKU was looked up released what was queued then, and this was not.
  local unlisted = entry[6] == 'parked-no_listing' and not moved[entry[2]]
  if unlisted and redis.call('HEXISTS', p .. ':listings', entry[2]) == 1 then return 0 end
  entries[i] = entry
end

for _, delivery in ipairs(deliveries) do redis.call('SET', delivery[1], delivery[2], 'PX', delivery[3]) end
for _, owner in ipairs(owners) do redis.call('HSET', p .. ':owners', owner[1], owner[2]) end
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
for _, entry in ipairs(entries) do
  local lane, key, left, joined = entry[1], entry[2], entry[5], entry[6]
  redis.call('HSET', p .. ':entries:' .. lane, key, entry[4])
  if left ~= '' and left ~= joined then redis.call('ZREM', p .. ':' .. left .. ':' .. lane, key) end
  if joined ~= '' then redis.call('ZADD', p .. ':' .. joined .. ':' .. lane, entry[7], key) end
  if entry[8] ~= '' then
    -- Newest first, as many lines as are kept.
    local lines, kept = entry[8] .. (redis.call('HGET', p .. ':history:' .. lane, key) or ''), {}
    for line in string.gmatch(lines, '[^\n]+') do
      if #kept < 8 then kept[#kept + 1] = line .. '\n' end
    end
    redis.call('HSET', p .. ':history:' .. lane, key, table.concat(kept))
  end
end
return 1
