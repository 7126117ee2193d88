-- Counts of each lane. KEYS[1] is the prefix of the shop's keys; ARGV 1 n, lines, then the lanes.
-- Answers for each lane {kept, paused, length of each line, records of the entries at both ends of the lines that may hold the oldest}
local p, n = KEYS[1], tonumber(ARGV[1])
local lanes = {}
for i = n + 2, #ARGV do
  local lane, lengths, ends = ARGV[i], {}, {}
  for line = 2, n + 1 do
    lengths[#lengths + 1] = redis.call('ZCARD', p .. ':' .. ARGV[line] .. ':' .. lane)
  end
  for _, line in ipairs({'urgent', 'due', 'leased'}) do
    local key = p .. ':' .. line .. ':' .. lane
    -- States keep their place in line, so the oldest stand in front; those in a long back-off stand at the end.
    for _, range in ipairs({{0, 49}, {-50, -1}}) do
      for _, sku in ipairs(redis.call('ZRANGE', key, range[1], range[2])) do
        ends[#ends + 1] = redis.call('HGET', p .. ':entries:' .. lane, sku)
      end
    end
  end
  lanes[#lanes + 1] = {redis.call('HLEN', p .. ':entries:' .. lane), redis.call('SISMEMBER', p .. ':paused', lane), lengths, ends}
end
return lanes
