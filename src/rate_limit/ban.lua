-- Bans a scope. KEYS 1 bans; ARGV 1 scope, 2 µs, 3 offset of the clock in µs (tests). A longer ban stands.
local time = redis.call('TIME')
local until_ = tonumber(time[1]) * 1000000 + tonumber(time[2]) + tonumber(ARGV[3]) + tonumber(ARGV[2])
local before = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0)
if until_ > before then redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', until_)) end
return 1
