// MPI as the executor uses it: errors as exceptions, a communicator of its own, requests with what
// belongs to them.
#pragma once

#include <mpi.h>
#ifdef __linux__
#include <sched.h>
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "lambdapack/error.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::exec::detail {

/// MPI itself has failed: nobody knows what other ranks have got, so the job ends.
class mpi_failure : public run_error {
 public:
  using run_error::run_error;
};

/// Throws mpi_failure unless an MPI function has succeeded; `what` says what it was to do.
inline void mpi_check(int code, const char* what) {
  if (code == MPI_SUCCESS) return;
  char words[MPI_MAX_ERROR_STRING] = {};
  int length = 0;
  MPI_Error_string(code, words, &length);
  throw mpi_failure(text({"lambdapack: MPI could not ", what, ": ",
                          std::string_view(words, static_cast<std::size_t>(length)),
                          "; another rank may have died, see what mpirun says"}));
}

/// Begins MPI if nobody has; the process then ends it when it exits. Returns what threads may do.
/// Throws input_error if MPI has been ended.
inline int mpi_threads_allowed() {
  int begun = 0, ended = 0, provided = MPI_THREAD_SINGLE;
  MPI_Finalized(&ended);
  if (ended)
    throw input_error(
        "lambdapack: lp::mpi was started after MPI_Finalize; end MPI behind the last run");
  MPI_Initialized(&begun);
  if (begun) {
    MPI_Query_thread(&provided);
    return provided;
  }
  mpi_check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &provided), "begin");
  std::atexit([] {
    int over = 0;
    MPI_Finalized(&over);
    if (!over) MPI_Finalize();
  });
  return provided;
}

/// A communicator of a run's own, whose messages cannot meet anybody else's. Made and freed by all
/// ranks together.
class Communicator {
 public:
  explicit Communicator(MPI_Comm of) {
    mpi_check(MPI_Comm_dup(of, &comm_), "make a communicator for a run");
    MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN);
    MPI_Comm_rank(comm_, &rank_);
    MPI_Comm_size(comm_, &size_);
  }
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;
  ~Communicator() { free(); }

  /// No message is under way any more.
  void free() {
    if (comm_ != MPI_COMM_NULL) MPI_Comm_free(&comm_);
  }

  operator MPI_Comm() const { return comm_; }
  int rank() const { return rank_; }
  int size() const { return size_; }

  /// All ranks call it: this rank's share of the cores that it may run on, at least 1.
  int share_of_cores() const {
    MPI_Comm machine = MPI_COMM_NULL;
    mpi_check(MPI_Comm_split_type(comm_, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &machine),
              "find the ranks of this machine");
    int here = 1;
    MPI_Comm_size(machine, &here);
    const Cores mine;
    std::vector<Cores> all(static_cast<std::size_t>(here));
    mpi_check(MPI_Allgather(&mine, static_cast<int>(sizeof mine), MPI_BYTE, all.data(),
                            static_cast<int>(sizeof mine), MPI_BYTE, machine),
              "compare the cores of ranks");
    MPI_Comm_free(&machine);
    const auto sharing = std::count_if(all.begin(), all.end(),
                                       [&](const Cores& other) { return mine.overlap(other); });
    return std::max(1, mine.count() / std::max(1, static_cast<int>(sharing)));
  }

  /// The highest tag of a message.
  static int highest_tag() {
    void* value = nullptr;
    int found = 0;
    MPI_Comm_get_attr(MPI_COMM_WORLD, MPI_TAG_UB, &value, &found);
    return found ? *static_cast<int*>(value) : 32767;
  }

  /// All ranks call it: the smallest of their numbers.
  int smallest(int mine) const {
    int all = mine;
    mpi_check(MPI_Allreduce(&mine, &all, 1, MPI_INT, MPI_MIN, comm_), "compare what ranks say");
    return all;
  }

  /// All ranks call it: the position of the first number that is not the same on all of them, or
  /// how many there are.
  std::size_t first_difference(const std::vector<std::uint64_t>& mine) const {
    // Of each number itself and its complement: the smallest of the one is the largest of the
    // other.
    std::vector<std::uint64_t> both = mine, least(2 * mine.size());
    for (const std::uint64_t x : mine) both.push_back(~x);
    mpi_check(MPI_Allreduce(both.data(), least.data(), static_cast<int>(both.size()), MPI_UINT64_T,
                            MPI_MIN, comm_),
              "compare what ranks have");
    std::size_t k = 0;
    while (k < mine.size() && least[k] == ~least[k + mine.size()]) ++k;
    return k;
  }

  /// All ranks call it: the sum of their numbers, modulo 2^64.
  std::uint64_t sum(std::uint64_t mine) const {
    std::uint64_t all = mine;
    mpi_check(MPI_Allreduce(&mine, &all, 1, MPI_UINT64_T, MPI_SUM, comm_),
              "add up what ranks have");
    return all;
  }

  /// All ranks call it: the text that `from` has.
  std::string broadcast(std::string words, int from) const {
    int size = static_cast<int>(words.size());
    mpi_check(MPI_Bcast(&size, 1, MPI_INT, from, comm_), "tell all ranks");
    words.resize(static_cast<std::size_t>(size));
    mpi_check(MPI_Bcast(words.data(), size, MPI_CHAR, from, comm_), "tell all ranks");
    return words;
  }

 private:
  // The cores that a process may run on.
  class Cores {
   public:
    Cores() {
#ifdef __linux__
      CPU_ZERO(&set_);
      if (sched_getaffinity(0, sizeof set_, &set_) != 0) CPU_ZERO(&set_);
#endif
    }

    // Where they are not known, as many as the machine has, which all its ranks share.
    int count() const {
#ifdef __linux__
      if (const int n = CPU_COUNT(&set_); n > 0) return n;
#endif
      return static_cast<int>(std::thread::hardware_concurrency());
    }
    bool overlap([[maybe_unused]] const Cores& other) const {
#ifdef __linux__
      cpu_set_t both;
      CPU_AND(&both, &set_, &other.set_);
      return CPU_COUNT(&both) > 0 || CPU_COUNT(&set_) == 0;
#else
      return true;
#endif
    }

   private:
#ifdef __linux__
    cpu_set_t set_;
#else
    char none_ = 0;
#endif
  };

  MPI_Comm comm_ = MPI_COMM_NULL;
  int rank_ = 0;
  int size_ = 1;
};

/// All ranks call it, at first: a communicator for the calls of a distributed matrix, which all
/// matrices on `comm` share and which goes when that does.
inline const Communicator& private_communicator(MPI_Comm comm) {
  static const int key = [] {
    int made = MPI_KEYVAL_INVALID;
    mpi_check(MPI_Comm_create_keyval(
                  MPI_COMM_NULL_COPY_FN,
                  [](MPI_Comm of, int, void* value, void*) {
                    // When MPI ends it frees nothing more.
                    auto* const own = static_cast<Communicator*>(value);
                    if (of != MPI_COMM_WORLD && of != MPI_COMM_SELF) delete own;
                    return int{MPI_SUCCESS};
                  },
                  &made, nullptr),
              "make an attribute");
    return made;
  }();
  void* there = nullptr;
  int found = 0;
  mpi_check(MPI_Comm_get_attr(comm, key, &there, &found), "look for a communicator");
  if (found) return *static_cast<Communicator*>(there);
  auto made = std::make_unique<Communicator>(comm);
  mpi_check(MPI_Comm_set_attr(comm, key, made.get()), "keep a communicator");
  return *made.release();
}

/// Requests under way, each with an item of its own.
template <class Item>
class Requests {
 public:
  std::size_t size() const { return requests_.size(); }

  /// Makes room for one more, so that `add` throws nothing.
  void prepare() {
    if (requests_.size() == requests_.capacity()) requests_.reserve(2 * requests_.size() + 8);
    if (items_.size() == items_.capacity()) items_.reserve(2 * items_.size() + 8);
  }

  void add(MPI_Request request, Item item) {
    requests_.push_back(request);
    items_.push_back(std::move(item));
  }

  /// Calls f(item) for those that have ended, without waiting; how many there were.
  template <class F>
  int poll(F&& f) {
    if (requests_.empty()) return 0;
    int count = 0;
    ended_.resize(requests_.size());
    mpi_check(MPI_Testsome(static_cast<int>(requests_.size()), requests_.data(), &count,
                           ended_.data(), MPI_STATUSES_IGNORE),
              "finish a message");
    if (count == MPI_UNDEFINED || count == 0) return 0;
    std::vector<Item> done;
    for (int k = 0; k < count; ++k)
      done.push_back(
          std::move(items_[static_cast<std::size_t>(ended_[static_cast<std::size_t>(k)])]));
    remove_ended();
    for (Item& item : done) f(item);
    return count;
  }

 private:
  // MPI has set the requests that have ended to null.
  void remove_ended() {
    std::size_t kept = 0;
    for (std::size_t k = 0; k < requests_.size(); ++k) {
      if (requests_[k] == MPI_REQUEST_NULL) continue;
      if (kept != k) {
        requests_[kept] = requests_[k];
        items_[kept] = std::move(items_[k]);
      }
      ++kept;
    }
    requests_.resize(kept);
    items_.resize(kept);
  }

  std::vector<MPI_Request> requests_;
  std::vector<Item> items_;
  std::vector<int> ended_;
};

}  // namespace lambdapack::exec::detail
