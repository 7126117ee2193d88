-- Writes an order's record over the revision that its writer saw. KEYS[1] is the prefix of the shop's keys.
-- ARGV 1 id · 2 revision seen (0: none) · 3 revision new · 4 record · 5 ship_before or '' · 6 erase_from or '' · 7 taken_at or ''
--      8… SKU, pieces, SKU, pieces …
-- Answers 1 written · 0 somebody else wrote meanwhile
local P, id = KEYS[1], ARGV[1]
local held = redis.call('HGET', P .. ':orders-revision', id) or '0'
if held ~= ARGV[2] then return 0 end
redis.call('HSET', P .. ':orders-revision', id, ARGV[3])
redis.call('HSET', P .. ':orders', id, ARGV[4])
redis.call('ZADD', P .. ':orders-by-id', 0, id)
for i, key in ipairs({':orders-due', ':orders-erasable'}) do
  if ARGV[4 + i] == '' then redis.call('ZREM', P .. key, id) else redis.call('ZADD', P .. key, ARGV[4 + i], id) end
end
local skus = P .. ':order-skus:' .. id
for _, sku in ipairs(redis.call('SMEMBERS', skus)) do redis.call('HDEL', P .. ':order-pieces:' .. sku, id) end
redis.call('DEL', skus)
for i = 8, #ARGV, 2 do
  redis.call('SADD', skus, ARGV[i])
  redis.call('HSET', P .. ':order-pieces:' .. ARGV[i], id, ARGV[i + 1] .. ':' .. ARGV[7])
end
return 1
