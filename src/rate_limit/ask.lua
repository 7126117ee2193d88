-- One permit of a budget that all replicas share. Everything of an application is in one hash slot.
-- KEYS  1 log (LIST of grant times in µs, newest first)   2 log of the method   3 day (STRING, counter)
--       4 bans (HASH scope -> until in µs; scope "app" or a method)   5 marker (STRING, never expires)
-- ARGV  1 take (1) or look (0)   2 limit   3 window in µs   4 limit of the method (0 = none)
--       5 requests of this kind a day (0 = any)   6 method   7 seconds until the day's key may go   8 offset of the clock in µs (tests)
-- Answer {what, µs}: 0 granted, 1 wait, 2 banned, 3 the day is spent.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2]) + tonumber(ARGV[8])
local take, limit, window, method_limit = ARGV[1] == '1', tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

-- First use, or the store was emptied: the window counts as used, since it may have been.
if redis.call('SET', KEYS[5], '1', 'NX') then
  redis.call('DEL', KEYS[1])
  for _ = 1, limit do redis.call('LPUSH', KEYS[1], string.format('%.0f', now)) end
end

local bans = redis.call('HMGET', KEYS[4], 'app', ARGV[6])
local banned = math.max(tonumber(bans[1] or 0), tonumber(bans[2] or 0))
if banned > now then return {2, banned - now} end

local day_max = tonumber(ARGV[5])
if day_max > 0 and tonumber(redis.call('GET', KEYS[3]) or 0) >= day_max then return {3, 0} end

local function wait_of(key, limit)
  local newest = tonumber(redis.call('LINDEX', key, 0) or 0)
  if newest > now then
    -- The clock stepped back: what the log says is later counts as just now.
    local count = redis.call('LLEN', key)
    redis.call('DEL', key)
    for _ = 1, count do redis.call('LPUSH', key, string.format('%.0f', now)) end
    newest = now
  end
  local wait = 0
  local oldest = redis.call('LINDEX', key, limit - 1)
  if oldest then wait = math.max(0, window - (now - tonumber(oldest))) end
  if limit > 1 and newest > 0 then
    local middle = redis.call('LINDEX', key, math.ceil(limit / 2) - 1)
    if middle and now - tonumber(middle) < window then
      -- Paced over several permits, so that one that was asked for late is made up for by the next.
      local over = math.min(4, limit)
      local nth = tonumber(redis.call('LINDEX', key, over - 1) or 0)
      wait = math.max(wait, over * math.ceil(window / limit) - (now - nth))
    end
  end
  return wait
end

local wait = wait_of(KEYS[1], limit)
if method_limit > 0 then wait = math.max(wait, wait_of(KEYS[2], method_limit)) end
if wait > 0 then return {1, math.ceil(wait)} end
if take then
  local at = string.format('%.0f', now)
  redis.call('LPUSH', KEYS[1], at)
  redis.call('LTRIM', KEYS[1], 0, limit - 1)
  if method_limit > 0 then
    redis.call('LPUSH', KEYS[2], at)
    redis.call('LTRIM', KEYS[2], 0, method_limit - 1)
  end
  redis.call('INCR', KEYS[3])
  redis.call('EXPIRE', KEYS[3], ARGV[7])
end
return {0, 0}
