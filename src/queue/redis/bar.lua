-- Keeps stock and price of a listing back, or lets them go. KEYS[1] is the prefix of the shop's keys.
-- ARGV 1 µs that tests have moved the clock · 2 listing · 3 owner · 4 for how long, µs; 0 lifts it
-- Answers 1, or 0 where another owner has it (or, lifting, where it is none of this owner's)
local bars, listing, owner, span = KEYS[1] .. ':bars', ARGV[2], ARGV[3], tonumber(ARGV[4])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2]) + tonumber(ARGV[1])
local held = redis.call('HGET', bars, listing)
local ends, by = string.match(held or '', '^(%d+) (%d+)$')
if span == 0 then
  return by == owner and redis.call('HDEL', bars, listing) or 0
end
if by and by ~= owner and tonumber(ends) > now then return 0 end
redis.call('HSET', bars, listing, string.format('%.0f %s', now + span, owner))
return 1
