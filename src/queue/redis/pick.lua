-- Picks what a reservation could take; writes nothing but the counter of fencing tokens. KEYS[1] is the prefix of the shop's keys.
-- ARGV 1 µs that tests have moved the clock · 2 lane · 3 class ('urgent' or 'any') · 4 most entries · 5 most listings · 6 lane needs listings (1 or 0)
-- Answers {time in µs, generation or '', last fencing token of those given, keys whose lease ran out, keys to ask AliExpress about, keys picked,
--   keys of listings that are kept back and until when, records of all of them in this order, listings of all of them}
local p, lane = KEYS[1], ARGV[2]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2]) + tonumber(ARGV[1])
local nowtext = string.format('%.0f', now)
local generation = redis.call('HGET', p .. ':meta', 'generation') or ''
if redis.call('SISMEMBER', p .. ':paused', lane) == 1 then return {nowtext, generation, '0', {}, {}, {}, {}, {}, {}, {}} end
local most, most_listings, listed = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6] == '1'
local function come(line, limit)
  return redis.call('ZRANGEBYSCORE', p .. ':' .. line .. ':' .. lane, '-inf', nowtext, 'LIMIT', 0, limit)
end
local expired, awaited = come('leased', 500), come('awaiting', 500)
local picked, is_picked, listings, order = {}, {}, {}, {}

-- Listings whose stock and price wait for a product request; none as a rule.
local bars, barred, until_when, is_barred = {}, {}, {}, {}
if listed then
  local all = redis.call('HGETALL', p .. ':bars')
  for i = 1, #all, 2 do
    local ends = string.match(all[i + 1], '^%d+')
    if tonumber(ends) > now then bars[all[i]] = ends end
  end
end
-- The first listing of a SKU; nothing where one of its listings is kept back.
local function first_listing(sku)
  local of = redis.call('HGET', p .. ':listings', sku)
  if of and next(bars) then
    for listing in string.gmatch(of, '%d+') do
      if bars[listing] then
        if not is_barred[sku] then
          is_barred[sku] = true
          barred[#barred + 1], until_when[#until_when + 1] = sku, bars[listing]
        end
        return nil
      end
    end
  end
  return of and string.match(of, '^%d+')
end
local function pick(key)
  if not is_picked[key] and #picked < most then
    is_picked[key] = true
    picked[#picked + 1] = key
  end
end
local function siblings(listing, lines)
  for _, line in ipairs(lines) do
    for _, sku in ipairs(redis.call('SMEMBERS', p .. ':skus:' .. listing)) do
      if #picked >= most then return end
      local score = not is_picked[sku] and redis.call('ZSCORE', p .. ':' .. line .. ':' .. lane, sku)
      if score and tonumber(score) <= now and first_listing(sku) == listing then pick(sku) end
    end
  end
end
if #expired == 0 and #awaited == 0 then
  local lines = ARGV[3] == 'urgent' and {'urgent'} or {'urgent', 'due'}
  for _, line in ipairs(lines) do
    for _, key in ipairs(come(line, most)) do
      if #picked >= most then break end
      if not is_picked[key] then
        local listing = listed and first_listing(key)
        if is_barred[key] then
          -- It waits.
        elseif not listing then
          pick(key)
        elseif listings[listing] then
          pick(key)
        elseif #order < most_listings then
          listings[listing], order[#order + 1] = true, listing
          pick(key)
          siblings(listing, lines)
        else
          break
        end
      end
    end
  end
  -- All urgent entries have their place; what else is due of their listings goes with them.
  if ARGV[3] == 'urgent' then
    for _, listing in ipairs(order) do siblings(listing, {'due'}) end
  end
end
local token = redis.call('HINCRBY', p .. ':meta', 'token', #picked)
local records, of = {}, {}
for _, keys in ipairs({expired, awaited, picked, barred}) do
  for _, key in ipairs(keys) do
    records[#records + 1] = redis.call('HGET', p .. ':entries:' .. lane, key)
    of[#of + 1] = listed and redis.call('HGET', p .. ':listings', key) or false
  end
end
return {nowtext, generation, string.format('%.0f', token), expired, awaited, picked, barred, until_when, records, of}
