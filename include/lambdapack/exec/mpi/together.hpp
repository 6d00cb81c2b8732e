// What all ranks of a run do together before its first task and after its last: agree on errors,
// begin arrays and commit them, all or none.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/exec/job.hpp"
#include "lambdapack/exec/left_over.hpp"
#include "lambdapack/exec/mpi/agree.hpp"
#include "lambdapack/exec/mpi/calls.hpp"
#include "lambdapack/exec/mpi/distributed_store.hpp"
#include "lambdapack/exec/mpi/own_tiles.hpp"
#include "lambdapack/exec/mpi/placement.hpp"
#include "lambdapack/exec/unwritten.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::exec::detail {

/// The arrays of a job through a run of all ranks.
class SharedArrays {
 public:
  SharedArrays(const Job& job, const Communicator& comm)
      : job_(job), comm_(comm), begun_(job.arrays.size()) {}

  /// Begins them on all ranks, or on none, and throws then.
  void begin() {
    std::exception_ptr error = name_runs();
    for (std::size_t a = 0; a < job_.arrays.size(); ++a) {
      if (!job_.arrays[a]) continue;
      // Drafts are told to all, whether or not all is well.
      if (is_written_together(a) && is_written(a))
        begin_together(a, error);
      else if (!error)
        error = caught([&] { begin_alone(a); });
    }
    error = agree<input_error>(comm_, error);
    if (!error) return;
    abandon(message(error));
    std::rethrow_exception(error);
  }

  /// Commits them on all ranks, or abandons them on all if any has an error or comes to one: what
  /// that is.
  std::exception_ptr end(std::exception_ptr error) {
    const bool first = comm_.rank() == 0;
    for (const bool leaders : {false, true}) {
      if (!error)
        error = caught([&] {
          for (std::size_t a = 0; a < job_.arrays.size(); ++a)
            if (begun_[a] && leaders == (first && is_one_medium(a))) job_.arrays[a]->prepare();
        });
      error = agree<run_error>(comm_, error);
    }
    if (error) {
      abandon(message(error));
      return error;
    }
    error = caught([&] {
      for (std::size_t a = 0; a < job_.arrays.size(); ++a)
        if (begun_[a]) {
          job_.arrays[a]->commit();
          begun_[a] = false;
        }
    });
    error = agree<run_error>(comm_, error);
    if (error) abandon(message(error));
    return error;
  }

 private:
  // The run has one name on all ranks, in which the contents of all ranks' tiles are.
  std::exception_ptr name_runs() {
    if (std::none_of(job_.arrays.begin(), job_.arrays.end(),
                     [](const auto& array) { return array && array->keeps(); }))
      return nullptr;
    std::vector<std::uint64_t> stamps(job_.arrays.size());
    std::exception_ptr error = caught([&] { stamps = stamps_of(job_); });
    for (std::size_t a = 0; a < job_.arrays.size(); ++a)
      if (const auto* own = dynamic_cast<const Distributed*>(job_.arrays[a].get());
          own != nullptr && !own->distribution().is_replicated()) {
        // A rank without tiles has no stamp and needs none.
        bool has_tiles = true;
        if (!error)
          error = caught([&] {
            Indices any;
            has_tiles =
                distributed::OwnTiles(job_.arrays[a]->extents(), own->distribution(), comm_.rank())
                    .next(any);
          });
        const bool known =
            comm_.smallest(stamps[a] != 0 || !has_tiles || role(a) == ir::ArrayRole::out) != 0;
        const std::uint64_t sum = comm_.sum(stamps[a]);
        stamps[a] = !known ? 0 : sum == 0 ? 1 : sum;
      }
    for (std::size_t a = 0; a < job_.arrays.size(); ++a) {
      if (!job_.arrays[a] || !job_.arrays[a]->keeps()) continue;
      std::string name;
      if (comm_.rank() == 0 && !error) error = caught([&] { name = run_name(job_, a, stamps); });
      name = comm_.broadcast(name, 0);
      if (!error) error = caught([&] { job_.arrays[a]->name_run(name); });
    }
    return error;
  }

  tile::Sharing sharing(std::size_t a) const { return job_.arrays[a]->sharing(); }
  bool is_one_medium(std::size_t a) const { return sharing(a) != tile::Sharing::none; }
  bool is_written_together(std::size_t a) const { return sharing(a) == tile::Sharing::writers; }
  ir::ArrayRole role(std::size_t a) const { return job_.program->arrays[a].role; }
  bool is_written(std::size_t a) const { return role(a) != ir::ArrayRole::in; }

  tile::Use use(std::size_t a) const {
    return role(a) == ir::ArrayRole::in    ? tile::Use::read
           : role(a) == ir::ArrayRole::out ? tile::Use::write
                                           : tile::Use::update;
  }

  // Of a medium that one rank writes, the others at most read.
  bool begins_here(std::size_t a) const {
    return comm_.rank() == 0 || sharing(a) != tile::Sharing::readers ||
           role(a) != ir::ArrayRole::out;
  }

  void begin_alone(std::size_t a) {
    if (!begins_here(a)) return;
    const bool only_reads = comm_.rank() > 0 && sharing(a) == tile::Sharing::readers;
    job_.arrays[a]->begin(only_reads ? tile::Use::read : use(a));
    begun_[a] = true;
  }

  void begin_together(std::size_t a, std::exception_ptr& error) {
    std::string draft;
    if (comm_.rank() == 0 && !error)
      error = caught([&] {
        job_.arrays[a]->begin(use(a));
        begun_[a] = true;
        draft = job_.arrays[a]->draft();
      });
    draft = comm_.broadcast(draft, 0);
    if (comm_.rank() > 0 && !error && !draft.empty())
      error = caught([&] {
        job_.arrays[a]->join(use(a), draft);
        begun_[a] = true;
      });
  }

  void abandon(const std::string& reason) {
    for (std::size_t a = 0; a < job_.arrays.size(); ++a)
      if (begun_[a]) {
        begun_[a] = false;
        job_.arrays[a]->abandon(reason);
      }
  }

  const Job& job_;
  const Communicator& comm_;
  std::vector<bool> begun_;  // by array: neither committed nor abandoned yet
};

/// Where the arrays of a job are, by their stores and what the user has said of them by name.
inline std::vector<distributed::ArrayPlace> places_of(
    const Job& job, ProcessGrid grid, const std::map<std::string, Distribution>& named) {
  std::size_t used = 0;
  std::vector<distributed::ArrayPlace> places;
  for (std::size_t a = 0; a < job.arrays.size(); ++a) {
    const ir::Array& array = job.program->arrays[a];
    const auto name = named.find(array.name);
    used += name != named.end() ? 1 : 0;
    const auto* own = dynamic_cast<const Distributed*>(job.arrays[a].get());
    if (own != nullptr && own->distribution().is_replicated()) own = nullptr;
    if (name != named.end() && (own != nullptr || name->second.is_replicated()))
      throw input_error(text({"lambdapack: lp::mpi was given a distribution for ", array.name,
                              own != nullptr ? ", which has one of its own; leave it out"
                                             : " that is replicated, but it is to say which one "
                                               "rank runs the tasks; give it another"}));
    if (own != nullptr) {
      places.push_back(distributed::ArrayPlace::all_at(own->distribution()));
      continue;
    }
    const Distribution tasks =
        name != named.end() ? name->second
                            : Distribution::standard(static_cast<std::size_t>(array.rank), grid);
    const tile::Sharing sharing = job.arrays[a] ? job.arrays[a]->sharing() : tile::Sharing::writers;
    const Distribution final = sharing == tile::Sharing::none      ? Distribution::replicated()
                               : sharing == tile::Sharing::readers ? Distribution::on(0)
                                                                   : tasks;
    places.push_back({Distribution::replicated(), tasks, final});
  }
  if (used < named.size()) {
    std::string names;
    for (const ir::Array& array : job.program->arrays)
      names += (names.empty() ? "" : ", ") + array.name;
    throw input_error(text({"lambdapack: lp::mpi was given a distribution for an array that ",
                            job.program->name, " has not; its arrays are ", names}));
  }
  return places;
}

/// Throws input_error if a store means the ranks of another communicator than the run's.
inline void require_communicators(const Job& job, MPI_Comm comm) {
  for (std::size_t a = 0; a < job.arrays.size(); ++a) {
    const auto* own = dynamic_cast<const Distributed*>(job.arrays[a].get());
    if (own == nullptr || own->comm() == MPI_COMM_NULL) continue;
    int same = MPI_UNEQUAL;
    mpi_check(MPI_Comm_compare(own->comm(), comm, &same), "compare communicators");
    if (same != MPI_IDENT && same != MPI_CONGRUENT)
      throw input_error(text({"lambdapack: ", job.arrays[a]->describe(), ", given for ",
                              job.program->arrays[a].name,
                              ", is spread over the ranks of another communicator than lp::mpi "
                              "was given; make it on that one, or run on its own: "
                              "lp::mpi{.comm = matrix.comm()}"}));
  }
}

}  // namespace lambdapack::exec::detail
