-- A page of orders. KEYS[1] is the prefix of the shop's keys.
-- ARGV 1 'all', 'due' or 'erasable' · 2 before (µs; not for all) · 3 time of the last one seen · 4 id of the last one seen · 5 limit
-- Answers their records
local P, limit = KEYS[1], tonumber(ARGV[5])
local records = {}
if ARGV[1] == 'all' then
  local from = ARGV[4] == '' and '-' or '(' .. ARGV[4]
  for _, id in ipairs(redis.call('ZRANGEBYLEX', P .. ':orders-by-id', from, '+', 'LIMIT', 0, limit)) do
    records[#records + 1] = redis.call('HGET', P .. ':orders', id)
  end
  return records
end
local line, offset = P .. ':orders-' .. ARGV[1], 0
while #records < limit do
  local found = redis.call('ZRANGEBYSCORE', line, ARGV[3], '(' .. ARGV[2], 'WITHSCORES', 'LIMIT', offset, limit)
  if #found == 0 then break end
  for i = 1, #found, 2 do
    if #records < limit and (tonumber(found[i + 1]) > tonumber(ARGV[3]) or found[i] > ARGV[4]) then
      records[#records + 1] = redis.call('HGET', P .. ':orders', found[i])
    end
  end
  offset = offset + limit
end
return records
