/**
 * What a Redis server does for a budget store, in one atomic step over all accounts of a call.
 *
 * Lua counts in doubles, and pico-dollars outgrow both them and the 64 bits of `HINCRBY`. So an amount is two
 * whole numbers, dollars and the pico-dollars beyond them (0 up to 10¹²), each exact as a double.
 *
 * An account has two keys: a hash with its balance and the state of every entry that it knows, and a sorted set
 * with the time at which something is to be done about an entry. The states:
 *
 * - `"<dollars> <pico-dollars>"`: held;
 * - `expired`: nothing was heard of it in time, so it was spent; a late settlement corrects that;
 * - `booked`: was booked without a reservation; remembered for a while, so that it is not booked twice.
 *
 * KEYS: balance and entries of each account.
 *
 * ARGV: operation, entry id, now in ms ('' for the server's own time), ms that a reservation lasts, amount,
 * amount spent; then for each account its limit ('' twice where nothing is refused) and the ms at which its keys
 * expire ('' for never). An amount is two arguments.
 *
 * Returns 1 or 0 for done or refused, now, the number of the account that refused, and for each account looked
 * at four numbers: spent and held.
 */
export const REDIS_SCRIPT: string = `
local PICO = 1e12
local REMEMBER_BOOKED_MS = 60000
local REMEMBER_EXPIRED_MS = 604800000
local ACCOUNT_ARGUMENTS = 9

local operation, id = ARGV[1], ARGV[2]
local leaseMs = tonumber(ARGV[4])
local usd, pico = tonumber(ARGV[5]), tonumber(ARGV[6])
local spentUsd, spentPico = tonumber(ARGV[7]), tonumber(ARGV[8])

local now = tonumber(ARGV[3])
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function text(number)
  return string.format('%.0f', number)
end

local function add(oneUsd, onePico, otherUsd, otherPico)
  local sumUsd, sumPico = oneUsd + otherUsd, onePico + otherPico
  if sumPico >= PICO then return sumUsd + 1, sumPico - PICO end
  if sumPico < 0 then return sumUsd - 1, sumPico + PICO end
  return sumUsd, sumPico
end

local function read(account)
  local fields = redis.call('HMGET', account.key, 'spentUsd', 'spentPico', 'heldUsd', 'heldPico', id)
  account.isNew = not fields[1]
  account.spentUsd, account.spentPico = tonumber(fields[1] or 0), tonumber(fields[2] or 0)
  account.heldUsd, account.heldPico = tonumber(fields[3] or 0), tonumber(fields[4] or 0)
  account.state = fields[5]
end

local function spend(account, moreUsd, morePico)
  account.spentUsd, account.spentPico = add(account.spentUsd, account.spentPico, moreUsd, morePico)
end

local function hold(account, moreUsd, morePico)
  account.heldUsd, account.heldPico = add(account.heldUsd, account.heldPico, moreUsd, morePico)
end

local function write(account, ...)
  redis.call('HSET', account.key, 'spentUsd', text(account.spentUsd), 'spentPico', text(account.spentPico),
    'heldUsd', text(account.heldUsd), 'heldPico', text(account.heldPico), ...)
  if account.isNew and account.expiresAt ~= '' then redis.call('PEXPIREAT', account.key, account.expiresAt) end
end

local function remember(account, entry, state, untilMs)
  redis.call('ZADD', account.entries, text(untilMs), entry)
  -- A sorted set that was empty was gone, and its time with it.
  if account.expiresAt ~= '' then redis.call('PEXPIREAT', account.entries, account.expiresAt) end
  write(account, entry, state)
end

local function forget(account, entry)
  redis.call('HDEL', account.key, entry)
  redis.call('ZREM', account.entries, entry)
end

-- What was held too long is spent, and what was remembered long enough forgotten.
local function endEntries(account)
  local due = redis.call('ZRANGEBYSCORE', account.entries, '-inf', text(now), 'LIMIT', 0, 1000)
  for _, entry in ipairs(due) do
    local state = redis.call('HGET', account.key, entry)
    local heldUsd, heldPico = string.match(state or '', '^(%d+) (%d+)$')
    if heldUsd then
      hold(account, -tonumber(heldUsd), -tonumber(heldPico))
      spend(account, tonumber(heldUsd), tonumber(heldPico))
      remember(account, entry, 'expired', now + REMEMBER_EXPIRED_MS)
      if entry == id then account.state = 'expired' end
    else
      forget(account, entry)
      if entry == id then account.state = false end
    end
  end
end

local function hasRoom(account)
  if account.limitUsd == '' then return true end
  local sumUsd, sumPico = add(account.spentUsd, account.spentPico, account.heldUsd, account.heldPico)
  sumUsd, sumPico = add(sumUsd, sumPico, usd, pico)
  local limitUsd = tonumber(account.limitUsd)
  return sumUsd < limitUsd or (sumUsd == limitUsd and sumPico <= tonumber(account.limitPico))
end

local reply = { 1, text(now), 0 }
local accounts = {}
for index = 1, #KEYS / 2 do
  local first = ACCOUNT_ARGUMENTS + (index - 1) * 3
  local account = {
    key = KEYS[2 * index - 1], entries = KEYS[2 * index],
    limitUsd = ARGV[first], limitPico = ARGV[first + 1], expiresAt = ARGV[first + 2],
  }
  read(account)
  endEntries(account)
  accounts[index] = account
  if operation == 'reserve' and reply[1] == 1 and not account.state and not hasRoom(account) then
    reply[1], reply[3] = 0, index
  end
end

for _, account in ipairs(accounts) do
  if operation == 'reserve' and reply[1] == 1 then
    if not account.state then
      hold(account, usd, pico)
      remember(account, id, text(usd) .. ' ' .. text(pico), now + leaseMs)
    end
  elseif operation == 'settle' and account.state and account.state ~= 'booked' then
    if account.state == 'expired' then spend(account, -usd, -pico)
    else hold(account, -usd, -pico) end
    spend(account, spentUsd, spentPico)
    forget(account, id)
    write(account)
  elseif operation == 'book' and not account.state then
    spend(account, usd, pico)
    remember(account, id, 'booked', now + REMEMBER_BOOKED_MS)
  end
  reply[#reply + 1] = text(account.spentUsd)
  reply[#reply + 1] = text(account.spentPico)
  reply[#reply + 1] = text(account.heldUsd)
  reply[#reply + 1] = text(account.heldPico)
end
return reply
`;
