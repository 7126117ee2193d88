-- How much of a budget is used. KEYS 1 log, 2 day, 3 bans; ARGV 1 offset of the clock in µs (tests).
-- Answer {requests in the last second, requests today, {scope, µs left, …}}.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2]) + tonumber(ARGV[1])
local used = 0
for _, at in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  if now - tonumber(at) >= 1000000 then break end
  used = used + 1
end
local lasting = {}
local bans = redis.call('HGETALL', KEYS[3])
for i = 1, #bans, 2 do
  local left = tonumber(bans[i + 1]) - now
  if left > 0 then
    lasting[#lasting + 1] = bans[i]
    lasting[#lasting + 1] = string.format('%.0f', left)
  else
    redis.call('HDEL', KEYS[3], bans[i])
  end
end
return {used, tonumber(redis.call('GET', KEYS[2]) or 0), lasting}
