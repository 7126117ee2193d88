-- Looks at what a shop's keys hold before they are used. KEYS[1] is the prefix of the shop's keys.
-- ARGV 1 schema known · 2 candidate generation · 3 every acknowledged write survives a restart (1 or 0) · 4… check values of the master keys, newest first
-- Answers 'ok' · 'made' (there was none: the store is new, or was emptied) · 'reset' (a new generation was made for a server that may have lost writes) · 'newer', schema · 'key'
local meta = KEYS[1] .. ':meta'
local schema = redis.call('HGET', meta, 'schema')
if schema and tonumber(schema) > tonumber(ARGV[1]) then return {'newer', schema} end
local key = redis.call('HGET', meta, 'key')
if key then
  local known = false
  for i = 4, #ARGV do known = known or ARGV[i] == key end
  if not known and #ARGV >= 4 then return {'key'} end
end
-- Older schemas are migrated here, step by step; there is none yet.
redis.call('HSET', meta, 'schema', ARGV[1])
if #ARGV >= 4 then redis.call('HSET', meta, 'key', ARGV[4]) end

local info = redis.call('INFO', 'server')
local run_id = string.match(info, 'run_id:(%w+)') or ''
local failed_over = not string.find(redis.call('INFO', 'replication'), 'master_replid2:0000000000000000000000000000000000000000', 1, true)
local before = redis.call('HGET', meta, 'run_id')
local answer = 'ok'
if redis.call('HSETNX', meta, 'generation', ARGV[2]) == 1 then
  answer = 'made'
elseif before ~= run_id and (failed_over or ARGV[3] ~= '1') then
  redis.call('HSET', meta, 'generation', ARGV[2])
  answer = 'reset'
end
if answer ~= 'ok' then
  -- The last fencing tokens may be lost with the writes: new ones start above all that were ever given.
  local time = redis.call('TIME')
  redis.call('HSET', meta, 'token', string.format('%.0f', tonumber(time[1]) * 1000000 + tonumber(time[2])))
end
redis.call('HSET', meta, 'run_id', run_id)
return {answer}
