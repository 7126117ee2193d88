-- Reads what a step needs to know of a shop, all at one moment. KEYS[1] is the prefix of the shop's keys.
-- ARGV 1 µs that tests have moved the clock · then as often as they say, each time n and n times:
--   span in s, m, m names                                            deliveries that are remembered for that long
--   SKU                                                              SKUs whose listings matter
--   SKU                                                              SKUs whose owners matter
--   lane, 1 where its keys have listings or 0, m, m keys             entries
-- Answers {time in µs, generation or '', digests of names, listings of SKUs, owners of SKUs, {records of keys} of each lane, {listings of keys} of each lane}
local p, at = KEYS[1], 2
local function take()
  at = at + 1
  return ARGV[at - 1]
end
-- The fields that the next n arguments name, each from the first of these hashes that has it.
local function fields(keys)
  local n, all = tonumber(take()), {}
  if #keys == 1 and n > 0 and n <= 1000 then
    at = at + n
    return redis.call('HMGET', keys[1], unpack(ARGV, at - n, at - 1))
  end
  for i = 1, n do all[i] = false end
  for from = 1, n, 1000 do
    local upto = math.min(from + 999, n)
    for _, key in ipairs(keys) do
      local part = redis.call('HMGET', key, unpack(ARGV, at + from - 1, at + upto - 1))
      for i = 1, #part do all[from + i - 1] = all[from + i - 1] or part[i] end
    end
  end
  at = at + n
  return all
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2]) + tonumber(ARGV[1])
local digests = {}
for _ = 1, tonumber(take()) do
  local span, buckets = take(), {}
  local bucket = math.floor(now / 1000000 / tonumber(span))
  -- The next one is there where the clock was set back.
  for nth = bucket + 1, bucket - 1, -1 do
    local key = p .. ':deliveries:' .. span .. ':' .. string.format('%.0f', nth)
    if redis.call('EXISTS', key) == 1 then buckets[#buckets + 1] = key end
  end
  -- A digest of 32 bytes and the time until which it counts.
  for _, seen in ipairs(fields(buckets)) do
    digests[#digests + 1] = seen and tonumber(string.sub(seen, 33)) > now and string.sub(seen, 1, 32)
  end
end
local listings, owners = fields({p .. ':listings'}), fields({p .. ':owners'})
local records, listings_of = {}, {}
for i = 1, tonumber(take()) do
  local lane, listed = take(), take() == '1'
  local from = at
  records[i], listings_of[i] = fields({p .. ':entries:' .. lane}), {}
  if listed then
    at = from
    listings_of[i] = fields({p .. ':listings'})
  end
end
local generation = redis.call('HGET', p .. ':meta', 'generation') or ''
return {string.format('%.0f', now), generation, digests, listings, owners, records, listings_of}
