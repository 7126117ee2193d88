-- What is due in each lane. KEYS[1] is the prefix of the shop's keys; ARGV 1 µs that tests have moved the clock, then the lanes.
-- Answers for each lane {urgent, others, µs until the next or -1, paused}
local p = KEYS[1]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2]) + tonumber(ARGV[1])
local lanes = {}
for i = 2, #ARGV do
  local lane, counts, next = ARGV[i], {0, 0}, -1
  for line, urgent in pairs({urgent = true, due = false, leased = false, awaiting = false}) do
    local key = p .. ':' .. line .. ':' .. lane
    local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
    if first[2] then
      local left = tonumber(first[2]) - now
      if left <= 0 then
        local come = redis.call('ZCOUNT', key, '-inf', string.format('%.0f', now))
        local at = urgent and 1 or 2
        counts[at] = counts[at] + come
        if line == 'leased' then
          -- Leases that ran out are urgent where their entries are: the flag stands in the record's eighth byte.
          for _, sku in ipairs(redis.call('ZRANGEBYSCORE', key, '-inf', string.format('%.0f', now), 'LIMIT', 0, 100)) do
            local record = redis.call('HGET', p .. ':entries:' .. lane, sku)
            if record and #record >= 8 and math.floor(string.byte(record, 8) / 2) % 2 == 1 then
              counts[1], counts[2] = counts[1] + 1, counts[2] - 1
            end
          end
        end
      elseif next < 0 or left < next then
        next = left
      end
    end
  end
  lanes[#lanes + 1] = {counts[1], counts[2], counts[1] + counts[2] > 0 and -1 or math.ceil(next), redis.call('SISMEMBER', p .. ':paused', lane)}
end
return lanes
