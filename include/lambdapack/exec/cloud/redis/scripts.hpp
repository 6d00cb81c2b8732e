// What Redis does in one step, in Lua. The keys of a run:
//
//   B run      hash: phase, why, total, finished, longest (the longest lease ever, in ms)
//   B ready    sorted set of tasks by how urgent they are (the more urgent, the lower)
//   B leased   sorted set of tasks by when their lease is over
//   B lease    hash of tasks that have been leased: "attempts given score token"
//   B arrived  hash of tasks: how many of those that they wait for have finished
//   B reads    hash of values: how many tasks have read them, or -1 for all
//   B done:N   hash of finished tasks with numbers from 64 N on: the record. Small, so that Redis
//              packs it, and looking into it is quick
//   B blocks   sorted set of the N that there are
//   B workers  hash: "seen record"
//
// where B is "lambdapack:{RUN}:", in whose braces Redis Cluster sees where a run belongs. Numbers
// of tasks stay texts in Lua, whose numbers are no 64-bit integers. What a script calls is what it
// costs, a microsecond each: `complete` has no call that it could do without.
#pragma once

#include <initializer_list>
#include <string>

#include "lambdapack/exec/cloud/redis/connection.hpp"

namespace lambdapack::exec::cloud::redis {

namespace lua {

inline constexpr char begin[] = R"lua(
local base, call = KEYS[1], redis.call
local run = base .. 'run'
)lua";

inline constexpr char phase[] = R"lua(
local phase = call('HGET', run, 'phase') or 'missing'
local live = phase == 'starting' or phase == 'running'
)lua";

inline constexpr char now[] = R"lua(
local t = call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
)lua";

inline constexpr char block[] = R"lua(
local function block(task)
  return string.format('%d', math.floor(tonumber(task) / 64))
end
)lua";

inline constexpr char old_lease[] = R"lua(
local function old_lease(task)
  local l = call('HGET', base .. 'lease', task)
  if not l then return nil end
  local attempts, given, score, token = string.match(l, '^(%S+) (%S+) (%S+) (.*)$')
  return {attempts = attempts, given = given, score = score, token = token}
end
)lua";

inline constexpr char write_lease[] = R"lua(
local function write_lease(task, attempts, at, time, score, token)
  call('HSET', base .. 'lease', task, string.format('%d %d %s %s', attempts, at, score, token))
  call('ZADD', base .. 'leased', string.format('%d', at + time), task)
end
local function note_longest(time, longest)
  if tonumber(time) > tonumber(longest) then call('HSET', run, 'longest', time) end
end
)lua";

inline constexpr char create[] = R"lua(
if call('EXISTS', run) == 0 then
  call('HSET', run, 'phase', 'starting', 'why', '', 'total', ARGV[1], 'finished', 0, 'longest', 0)
end
return 0
)lua";

// Task and score of each root.
inline constexpr char seed[] = R"lua(
if phase == 'missing' then return 0 end
for k = 1, #ARGV, 2 do
  local task = ARGV[k]
  if call('HEXISTS', base .. 'done:' .. block(task), task) == 0 and
     not call('ZSCORE', base .. 'leased', task) then
    call('ZADD', base .. 'ready', 'NX', ARGV[k + 1], task)
  end
end
return 0
)lua";

inline constexpr char seeded[] = R"lua(
if phase == 'starting' then
  local all = call('HGET', run, 'finished') == call('HGET', run, 'total')
  call('HSET', run, 'phase', all and 'done' or 'running')
end
return 0
)lua";

// Token, time, how many to show, and the task that is wanted. Returns the phase, and a lease (task,
// attempts), or ready tasks with their scores to choose from. A lease was given in the future, by a
// clock that has since been set back, if it lasts longer than any that was given. A task that has
// been finished all the same, by who took it for ready, is dropped.
inline constexpr char take[] = R"lua(
if not live then return {phase} end
local token, time, show, wanted = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local longest = call('HGET', run, 'longest')
local task, score
while true do
  task = call('ZRANGEBYSCORE', base .. 'leased', '-inf', now, 'LIMIT', 0, 1)[1]
  if not task then
    local last = call('ZREVRANGE', base .. 'leased', 0, 0, 'WITHSCORES')
    if last[1] and tonumber(last[2]) - tonumber(longest) > now then task = last[1] end
  end
  if not task then
    if show > 0 then return {phase, call('ZRANGE', base .. 'ready', 0, show - 1, 'WITHSCORES')} end
    score = wanted ~= '' and call('ZSCORE', base .. 'ready', wanted)
    if score then
      task = wanted
      call('ZREM', base .. 'ready', task)
    else
      local first = call('ZPOPMIN', base .. 'ready')
      task, score = first[1], first[2]
    end
    if not task then return {phase} end
  end
  if call('HEXISTS', base .. 'done:' .. block(task), task) == 0 then break end
  call('ZREM', base .. 'leased', task)
  call('HDEL', base .. 'lease', task)
end
local old = old_lease(task)
local attempts = (old and old.attempts or 0) + 1
note_longest(time, longest)
write_lease(task, attempts, now, time, score or old.score, token)
return {phase, task, attempts}
)lua";

// Time, then task and token of each. Returns the tasks of those that are lost.
inline constexpr char renew[] = R"lua(
local lost = {}
for k = 2, #ARGV, 2 do
  local old = old_lease(ARGV[k])
  if old and old.token == ARGV[k + 1] then
    note_longest(ARGV[1], call('HGET', run, 'longest'))
    write_lease(ARGV[k], old.attempts, now, ARGV[1], old.score, old.token)
  else
    lost[#lost + 1] = ARGV[k]
  end
end
return lost
)lua";

// Task and token. A lease given back is no attempt. A token with a line break is nobody's.
inline constexpr char give_back[] = R"lua(
local old = old_lease(ARGV[1])
if old and old.token == ARGV[2] then
  call('HSET', base .. 'lease', ARGV[1], string.format('%d 0 %s \n', old.attempts - 1, old.score))
  call('ZREM', base .. 'leased', ARGV[1])
  call('ZADD', base .. 'ready', old.score, ARGV[1])
end
return 0
)lua";

// Token (or '') and time of who goes on, how many completions, the last of which is the one that
// goes on, and for each: task, record, how many successors, reads and outputs, (task, in-degree,
// score) of each successor, (value, readers) of each read, and the outputs. Returns the phase,
// whether the last one counted, whether this was the run's end, the dead values (again, if it is
// said again: the first answer may have been lost), the tasks before the last that did not count,
// and a lease (task, attempts) if there is one.
inline constexpr char complete[] = R"lua(
local r = call('HMGET', run, 'phase', 'total', 'longest')
local phase = r[1] or 'missing'
local live = phase == 'running' or phase == 'starting'
local token, n, at = ARGV[1], tonumber(ARGV[3]), 4
local done, reads, arrived = base .. 'done:', base .. 'reads', base .. 'arrived'
local ready, leased, lease = base .. 'ready', base .. 'leased', base .. 'lease'
local dead, repeated, counted, total, best = {}, {}, 0, 0, nil
local is_dead = {}
local function add_dead(value)
  if not is_dead[value] then
    is_dead[value] = true
    dead[#dead + 1] = value
  end
end

for c = 1, n do
  local task, first_successor = ARGV[at], at + 5
  local first_read = first_successor + 3 * ARGV[at + 2]
  local first_output = first_read + 2 * ARGV[at + 3]
  local after = first_output + ARGV[at + 4]
  counted = 0
  if live then
    local block = string.format('%d', math.floor(task / 64))
    call('HDEL', lease, task)
    if call('ZREM', leased, task) == 0 then call('ZREM', ready, task) end
    counted = call('HSETNX', done .. block, task, ARGV[at + 1])
    if counted == 1 and call('HLEN', done .. block) == 1 then
      call('ZADD', base .. 'blocks', block, block)
    end
  end
  if counted == 0 and c < n then repeated[#repeated + 1] = task end
  if counted == 0 and (live or c == n) then
    for k = first_output, after - 1 do
      if not live or call('HGET', reads, ARGV[k]) == '-1' then add_dead(ARGV[k]) end
    end
    for k = first_read, first_output - 1, 2 do
      if live and call('HGET', reads, ARGV[k]) == '-1' then add_dead(ARGV[k]) end
    end
  end
  if counted == 1 then
    total = total + 1
    for k = first_successor, first_read - 1, 3 do
      local degree, all = tonumber(ARGV[k + 1]), true
      if degree > 1 then
        all = call('HINCRBY', arrived, ARGV[k], 1) == degree
        if all then
          call('HDEL', arrived, ARGV[k])
          local block = string.format('%d', math.floor(ARGV[k] / 64))
          all = call('HEXISTS', done .. block, ARGV[k]) == 0
        end
      end
      if all then
        local put = k
        if token ~= '' and c == n then
          local more = not best
          if best then
            local a, b = tonumber(ARGV[k + 2]), tonumber(ARGV[best + 2])
            more = a < b or (a == b and tonumber(ARGV[k]) < tonumber(ARGV[best]))
          end
          if more then put, best = best, k end
        end
        if put then call('ZADD', ready, 'NX', ARGV[put + 2], ARGV[put]) end
      end
    end
    for k = first_read, first_output - 1, 2 do
      if call('HINCRBY', reads, ARGV[k], 1) == tonumber(ARGV[k + 1]) then
        call('HSET', reads, ARGV[k], -1)
        add_dead(ARGV[k])
      end
    end
  end
  at = after
end

local last = 0
if total > 0 and call('HINCRBY', run, 'finished', total) == tonumber(r[2]) then
  phase, last = 'done', 1
  call('HSET', run, 'phase', phase)
end
if not best then return {phase, counted, last, dead, repeated} end
local t, time = call('TIME'), ARGV[2]
local now = t[1] * 1000 + math.floor(t[2] / 1000)
if tonumber(time) > tonumber(r[3]) then call('HSET', run, 'longest', time) end
call('HSET', lease, ARGV[best], string.format('1 %d %s %s', now, ARGV[best + 2], token))
call('ZADD', leased, string.format('%d', now + time), ARGV[best])
return {phase, counted, last, dead, repeated, ARGV[best], 1}
)lua";

// Returns how many of those that a task waits for have finished, if any has and not all.
inline constexpr char missing[] = R"lua(
return call('HGET', base .. 'arrived', ARGV[1])
)lua";

// Time, how many. Returns the phase and ready tasks, which for that time nobody else is handed.
inline constexpr char hand_out[] = R"lua(
if not live then return {phase, {}} end
local tasks = call('ZRANGEBYSCORE', base .. 'leased', '-inf', now, 'LIMIT', 0, ARGV[2])
local more = tonumber(ARGV[2]) - #tasks
if more > 0 then
  local ready = call('ZPOPMIN', base .. 'ready', more)
  for k = 1, #ready, 2 do tasks[#tasks + 1] = ready[k] end
end
for _, task in ipairs(tasks) do
  call('ZADD', base .. 'leased', string.format('%d', now + ARGV[1]), task)
end
return {phase, tasks}
)lua";

inline constexpr char handed_out[] = R"lua(
for _, task in ipairs(ARGV) do call('ZREM', base .. 'leased', task) end
return 0
)lua";

// Returns the phase, and whether the task has finished.
inline constexpr char look[] = R"lua(
return {phase, call('HEXISTS', base .. 'done:' .. block(ARGV[1]), ARGV[1])}
)lua";

inline constexpr char end[] = R"lua(
if live then call('HSET', run, 'phase', ARGV[1], 'why', ARGV[2]) end
return 0
)lua";

inline constexpr char status[] = R"lua(
local r = call('HMGET', run, 'phase', 'why', 'total', 'finished')
if not r[1] then return {'missing'} end
return {r[1], r[2], r[3], r[4], call('ZCARD', base .. 'ready'), call('ZCARD', base .. 'leased')}
)lua";

inline constexpr char is_finished[] = R"lua(
return call('HEXISTS', base .. 'done:' .. block(ARGV[1]), ARGV[1])
)lua";

// From, most. Returns the blocks from that of `from` on, as lists of tasks and records, until there
// are enough.
inline constexpr char records[] = R"lua(
local found, n = {}, 0
for _, b in ipairs(call('ZRANGEBYSCORE', base .. 'blocks', block(ARGV[1]), '+inf')) do
  local records = call('HGETALL', base .. 'done:' .. b)
  found[#found + 1] = records
  n = n + #records / 2
  if n >= ARGV[2] + 64 then break end
end
return found
)lua";

inline constexpr char note[] = R"lua(
if phase ~= 'missing' then
  call('HSET', base .. 'workers', ARGV[1], string.format('%d', now) .. ' ' .. ARGV[2])
end
return 0
)lua";

inline constexpr char workers[] = R"lua(
return call('HGETALL', base .. 'workers')
)lua";

inline constexpr char remove[] = R"lua(
for _, b in ipairs(call('ZRANGE', base .. 'blocks', 0, -1)) do
  call('UNLINK', base .. 'done:' .. b)
end
for _, k in ipairs({'run', 'ready', 'leased', 'lease', 'arrived', 'reads', 'blocks', 'workers'}) do
  call('UNLINK', base .. k)
end
return 0
)lua";

}  // namespace lua

/// The scripts of a ledger. Each gets B as its key.
struct Scripts {
  static Script of(std::initializer_list<const char*> parts) {
    std::string source = lua::begin;
    for (const char* part : parts) source += part;
    return Script(std::move(source));
  }

  Script create = of({lua::create});
  Script seed = of({lua::phase, lua::block, lua::seed});
  Script seeded = of({lua::phase, lua::seeded});
  Script take = of({lua::phase, lua::now, lua::block, lua::old_lease, lua::write_lease, lua::take});
  Script renew = of({lua::now, lua::old_lease, lua::write_lease, lua::renew});
  Script give_back = of({lua::old_lease, lua::give_back});
  Script complete = of({lua::complete});
  Script missing = of({lua::missing});
  Script hand_out = of({lua::phase, lua::now, lua::hand_out});
  Script handed_out = of({lua::handed_out});
  Script look = of({lua::phase, lua::block, lua::look});
  Script end = of({lua::phase, lua::end});
  Script status = of({lua::status});
  Script is_finished = of({lua::block, lua::is_finished});
  Script records = of({lua::block, lua::records});
  Script note = of({lua::phase, lua::now, lua::note});
  Script workers = of({lua::workers});
  Script remove = of({lua::remove});
};

}  // namespace lambdapack::exec::cloud::redis
