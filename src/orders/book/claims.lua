-- Who holds back pieces. KEYS[1] is the prefix of the shop's keys; ARGV are SKUs. Answers for each a list of 'pieces:taken_at'.
local all = {}
for i, sku in ipairs(ARGV) do all[i] = redis.call('HVALS', KEYS[1] .. ':order-pieces:' .. sku) end
return all
