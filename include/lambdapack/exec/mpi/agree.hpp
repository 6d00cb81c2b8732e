// What ranks agree upon: an error of one is an error of all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>

#include "lambdapack/exec/faults.hpp"
#include "lambdapack/exec/mpi/calls.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::exec::detail {

/// An error of any rank, on all: null if there is none, this rank's own where it has one, else one
/// of type E with the text and the fault of the lowest rank that has. All ranks call it.
template <class E>
std::exception_ptr agree(const Communicator& comm, std::exception_ptr mine) {
  const int first = comm.smallest(mine ? comm.rank() : comm.size());
  if (first == comm.size()) return nullptr;
  const std::string bytes =
      comm.broadcast(first == comm.rank() ? Fault::pack(mine) : std::string(), first);
  return mine ? mine : Fault::unpack<E>(bytes, text({" (on rank ", first, ")"}));
}

/// Runs f; what it throws.
template <class F>
std::exception_ptr caught(F&& f) {
  try {
    f();
  } catch (...) {
    return std::current_exception();
  }
  return nullptr;
}

/// All ranks call it. Runs f; if it throws on one, all throw.
template <class F>
void together(const Communicator& comm, F&& f) {
  if (const std::exception_ptr error = agree<input_error>(comm, caught(f)))
    std::rethrow_exception(error);
}

}  // namespace lambdapack::exec::detail
