-- Reads what a step needs to know of a shop, all at one moment. KEYS[1] is the prefix of the shop's keys.
-- ARGV 1 µs that tests have moved the clock · 2 n, ids of deliveries · then n, SKUs · then, to the end: lane, n, keys
-- Answers {time in µs, generation or '', digests of ids, listings of SKUs, owners of SKUs, {records of keys} of each lane}
local p, at = KEYS[1], 2
local function take()
  local n, items = tonumber(ARGV[at]), {}
  for i = 1, n do items[i] = ARGV[at + i] end
  at = at + n + 1
  return items
end
local function fields(key, names)
  local all = {}
  for from = 1, #names, 1000 do
    local part = redis.call('HMGET', key, unpack(names, from, math.min(from + 999, #names)))
    for i = 1, #part do all[from + i - 1] = part[i] end
  end
  return all
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2]) + tonumber(ARGV[1])
local digests = {}
for i, id in ipairs(take()) do
  -- A digest of 32 bytes and the time until which it counts.
  local seen = redis.call('GET', p .. ':seen:' .. id)
  digests[i] = seen and tonumber(string.sub(seen, 33)) > now and string.sub(seen, 1, 32)
end
local skus = take()
local listings, owners = fields(p .. ':listings', skus), fields(p .. ':owners', skus)
local lanes = {}
while at <= #ARGV do
  local lane = ARGV[at]
  at = at + 1
  lanes[#lanes + 1] = fields(p .. ':entries:' .. lane, take())
end
return {string.format('%.0f', now), redis.call('HGET', p .. ':meta', 'generation') or '', digests, listings, owners, lanes}
