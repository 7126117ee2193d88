-- Counts keys that fall. KEYS[1] is the prefix of the shop's keys.
-- ARGV 1 µs that tests have moved the clock · 2 kind · 3 window, µs · 4 look, µs · 5 most keys that are counted · 6… keys
-- Answers {time in µs, until when all is let through, keys in the window, keys first seen within the look, when each key was first seen};
--   where all is let through nothing is counted
local p, kind, window, look, most = KEYS[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local falls = p .. ':falls:' .. kind
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2]) + tonumber(ARGV[1])
local function text(number) return string.format('%.0f', number) end
local let_until = redis.call('HGET', p .. ':falls-let', kind) or '0'
-- One that ends further off than a window was written by a clock that was wrong, and does not count.
if tonumber(let_until) > now and tonumber(let_until) <= now + window then return {text(now), let_until, 0, 0, {}} end
-- A clock that was set back: what lies ahead of it happened at the latest now.
for _, key in ipairs(redis.call('ZRANGEBYSCORE', falls, '(' .. text(now), '+inf')) do redis.call('ZADD', falls, text(now), key) end
redis.call('ZREMRANGEBYSCORE', falls, '-inf', text(now - window))
local count, first = redis.call('ZCARD', falls), {}
for at = 6, #ARGV do
  local known = redis.call('ZSCORE', falls, ARGV[at])
  if not known and count < most then
    redis.call('ZADD', falls, text(now), ARGV[at])
    count = count + 1
  end
  first[#first + 1] = text(known and tonumber(known) or now)
end
redis.call('PEXPIRE', falls, text(window / 1000))
return {text(now), '0', count, redis.call('ZCOUNT', falls, '(' .. text(now - look), '+inf'), first}
