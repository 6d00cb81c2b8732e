// What a run's client moves to and from the store, and makes ready.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/encoding.hpp"
#include "lambdapack/exec/cloud/evaluator.hpp"
#include "lambdapack/exec/cloud/ledger.hpp"
#include "lambdapack/exec/cloud/site.hpp"
#include "lambdapack/exec/job.hpp"
#include "lambdapack/tile/detail/grid.hpp"

namespace lambdapack::exec::cloud {

/// Calls f(x) for each of some things, on a few threads, for who asks a store mostly waits. Throws
/// what the first of them throws.
template <class T, class F>
void for_each_at_once(const std::vector<T>& things, std::size_t threads_at_most, F&& f) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr error;
  const auto work = [&] {
    try {
      for (std::size_t k = next++; k < things.size(); k = next++) f(things[k]);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!error) error = std::current_exception();
      next = things.size();
    }
  };
  {
    // Where the system has no more threads, fewer do it.
    std::vector<std::jthread> threads;
    try {
      for (std::size_t t = 1; t < std::min(threads_at_most, things.size()); ++t)
        threads.emplace_back(work);
    } catch (const std::system_error&) {
    }
    work();
  }
  if (error) std::rethrow_exception(error);
}

/// The same for each tile of an array with these extents.
template <class F>
void for_each_tile_at_once(const std::vector<std::int64_t>& extents, std::size_t threads_at_most,
                           F&& f) {
  std::vector<Indices> tiles;
  tile::detail::for_each_tile(extents, [&](tile::Index index) { tiles.emplace_back(index); });
  for_each_at_once(tiles, threads_at_most, f);
}

/// Removes all objects whose keys begin with `prefix`, but for one.
inline void remove_all(ObjectStore& objects, const std::string& prefix,
                       const std::string& but_for = {}, std::size_t threads = 4) {
  for_each_at_once(objects.list(prefix), threads, [&](const std::string& key) {
    if (key != but_for) objects.remove(key);
  });
}

/// Brings the initial tiles that some task reads, and the metadata of results, which the run's
/// arrays know. The run may be given up in between.
template <class IsCancelled>
void bring_inputs(const Job& job, Site& site, IsCancelled&& is_cancelled, std::size_t threads) {
  for (std::size_t a = 0; a < job.arrays.size(); ++a) {
    if (!job.arrays[a]) continue;
    const ir::ArrayRole role = job.program->arrays[a].role;
    if (role != ir::ArrayRole::in) site.results().describe(a);
    if (role == ir::ArrayRole::out || site.is_in_store(a)) continue;
    for_each_tile_at_once(job.arrays[a]->extents(), threads, [&](const Indices& index) {
      const Value value = Value::initial({static_cast<int>(a), index});
      if (is_cancelled() || site.graph().reader_count(value) == 0) return;
      site.objects().put_pieces(site.keys().value(value), content_of(job.arrays[a]->load(index)));
    });
  }
}

/// Puts those tiles of results in their places that no task writes, so that an array is whole for
/// who looks at it in the store.
inline void bring_unwritten_results(const Job& job, Site& site) {
  const auto finals = std::make_shared<FinalTiles>();
  const auto shapes = site.shapes(finals);
  const UnwrittenTiles unwritten(site.job());
  for (std::size_t a = 0; a < job.arrays.size(); ++a) {
    const ir::Array& array = job.program->arrays[a];
    if (!job.arrays[a] || !shapes[a] || array.role == ir::ArrayRole::in) continue;
    tile::detail::for_each_tile(job.arrays[a]->extents(), [&](tile::Index index) {
      const TileName name{static_cast<int>(a), Indices(index)};
      if (site.graph().writer(name)) return;
      shapes[a]->save(index, array.role == ir::ArrayRole::inout ? job.arrays[a]->load(index)
                             : array.unwritten                  ? unwritten.make(name)
                                                                : shapes[a]->zero(index));
      site.objects().put_pieces(site.results().key(name), site.results().content(finals->back()));
      finals->clear();
    });
  }
}

/// Makes all tasks ready that wait for nothing. May be repeated, as long as the run is starting.
inline void seed_roots(Site& site, Ledger& ledger) {
  constexpr std::size_t at_once = 1000;
  std::vector<Ready> roots;
  const auto flush = [&] {
    if (!roots.empty()) ledger.seed(roots);
    roots.clear();
  };
  site.graph().roots([&](const Node& node) {
    roots.push_back({site.numbering().number(node), site.urgency(node)});
    if (roots.size() == at_once) flush();
  });
  flush();
  ledger.seeded();
}

/// From a description that is in the store to a run whose tasks are ready. Workers wait until the
/// ledger has the run, which it has when the inputs are there.
template <class IsCancelled>
void publish(const Job& job, Site& site, Ledger& ledger, IsCancelled&& is_cancelled,
             std::size_t threads = 4) {
  bring_inputs(job, site, is_cancelled, threads);
  ledger.create(site.graph().size());
  if (!is_cancelled()) seed_roots(site, ledger);
}

/// Calls f(task, record) for every finished task.
template <class F>
void for_each_record(Ledger& ledger, F&& f) {
  constexpr std::int64_t at_once = 1000;
  for (std::int64_t from = 0;;) {
    const auto records = ledger.records(from, at_once);
    for (const auto& [task, record] : records) f(task, record);
    if (records.empty()) return;
    from = records.back().first + 1;
  }
}

/// Puts the results of a run that is done into the arrays of its job, but for those that stay where
/// they are. A tile that is missing or not
/// what its task has stored is computed again.
inline void fetch_results(const Job& job, Site& site, Ledger& ledger, std::size_t threads = 4) {
  std::unordered_map<std::int64_t, std::string> digests;
  for_each_record(ledger, [&](std::int64_t task, const TaskRecord& record) {
    if (!record.digests.empty()) digests.emplace(task, record.digests);
  });
  Evaluator evaluator(site);
  std::mutex evaluating;
  // A task notes the digests of its final tiles in the order of its slots.
  const auto digest_of = [&](const Value& value) -> std::string_view {
    const Node node = value.node();
    const auto at = digests.find(site.numbering().number(node));
    std::size_t before = 0;
    for (int slot = 0; slot < value.slot; ++slot)
      before += site.graph().is_final(node, slot) ? 1 : 0;
    if (at == digests.end() || at->second.size() < 16 * before + 16) return {};
    return std::string_view(at->second).substr(16 * before, 16);
  };
  for (std::size_t a = 0; a < job.arrays.size(); ++a) {
    if (!job.arrays[a] || job.program->arrays[a].role == ir::ArrayRole::in ||
        in_objects(job, a) != nullptr)
      continue;
    for_each_tile_at_once(job.arrays[a]->extents(), threads, [&](const Indices& index) {
      const TileName name{static_cast<int>(a), index};
      const std::optional<Value> value = site.graph().writer(name);
      if (!value) return;
      tile::Tile tile;
      try {
        tile = site.results().get(name, job.arrays[a]->payload(), digest_of(*value));
      } catch (const damaged_object&) {
        const std::lock_guard lock(evaluating);
        tile = evaluator.compute(*value, name);
      }
      job.arrays[a]->save(index, std::move(tile));
    });
  }
}

/// Adds to a report what the ledger has noted of tasks; `attempts` becomes the number of leases.
inline void add_records(Site& site, Ledger& ledger, bool with_events, Report& report,
                        std::int64_t& attempts) {
  std::unordered_map<std::string, int> numbers;
  std::int64_t first = -1;
  attempts = 0;
  std::vector<std::pair<std::int64_t, TaskRecord>> all;
  for_each_record(ledger, [&](std::int64_t task, const TaskRecord& record) {
    attempts += record.attempts;
    report.handed_on += record.handed_on ? 1 : 0;
    numbers.emplace(record.worker, static_cast<int>(numbers.size()));
    if (first < 0 || record.begin < first) first = record.begin;
    if (with_events) all.emplace_back(task, record);
  });
  report.workers = static_cast<int>(numbers.size());
  for (const auto& [task, record] : all)
    report.events.push_back({site.numbering().node(task), numbers.at(record.worker),
                             static_cast<double>(record.begin - first) / 1000,
                             static_cast<double>(record.end - first) / 1000, record.handed_on, -1,
                             0});
  std::sort(report.events.begin(), report.events.end(),
            [](const Event& a, const Event& b) { return a.begin < b.begin; });
}

}  // namespace lambdapack::exec::cloud
