-- What a person says of a kind. KEYS[1] is the prefix of the shop's keys.
-- ARGV 1 'let' or 'forget' · 2 kind · 3 window, µs
-- 'let': all of it is let through for a window after the last that was counted; where nothing is counted, what was said before stands
local p, kind = KEYS[1], ARGV[2]
local falls = p .. ':falls:' .. kind
if ARGV[1] == 'let' then
  local last = redis.call('ZRANGE', falls, -1, -1, 'WITHSCORES')
  if last[2] then
    redis.call('HSET', p .. ':falls-let', kind, string.format('%.0f', tonumber(last[2]) + tonumber(ARGV[3])))
  end
else
  redis.call('HDEL', p .. ':falls-let', kind)
end
redis.call('DEL', falls)
return 1
