-- Writes a document if it is what it is thought to be. KEYS[1] is the prefix of the shop's keys.
-- ARGV 1 name · 2 text · 3 what it is thought to be; left out: there is none
-- Answers 1 where it was written, else 0
local documents = KEYS[1] .. ':documents'
local now = redis.call('HGET', documents, ARGV[1])
if #ARGV == 2 then
  if now then return 0 end
elseif now ~= ARGV[3] then
  return 0
end
redis.call('HSET', documents, ARGV[1], ARGV[2])
return 1
