// Where in a store what belongs to a run is.
//
//   runs/RUN/run.json               what the run is: program, sizes, arrays (description.hpp)
//   runs/RUN/inputs/ARRAY.I.J       initial tiles that the client has brought
//   runs/RUN/values/LINE.I.J.sSLOT  values, while a task has yet to read them
//   runs/RUN/arrays/NAME/           results: Zarr v2 arrays (.zarray and chunks I.J), or for
//                                   arrays that are no matrices tiles I.J.K as values are
//   runs/RUN/report.json            of a run that has ended well
#pragma once

#include <cstdint>
#include <string>

#include "lambdapack/exec/cloud/objects.hpp"
#include "lambdapack/graph/node.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::exec::cloud {

/// The keys of one run.
class Keys {
 public:
  /// Throws input_error if there can be no run of that name.
  explicit Keys(std::string run) : run_(std::move(run)) {
    if (run_.find('/') != std::string::npos) refuse();
    try {
      check_key(run_);
    } catch (const input_error&) {
      refuse();
    }
  }

  const std::string& run() const { return run_; }
  std::string all() const { return text({"runs/", run_, "/"}); }
  std::string description() const { return all() + "run.json"; }
  std::string report() const { return all() + "report.json"; }
  std::string presence() const { return all() + "client"; }
  std::string inputs() const { return all() + "inputs/"; }
  std::string values() const { return all() + "values/"; }
  std::string arrays() const { return all() + "arrays/"; }

  /// A value that a task reads.
  std::string value(const Value& value) const {
    if (value.is_initial()) return text({inputs(), value.tile().array, indices(value.indices)});
    return text({values(), value.line, indices(value.indices), ".s", value.slot});
  }

  /// A directory for a result.
  std::string array(const std::string& name) const { return arrays() + name + "/"; }

 private:
  [[noreturn]] void refuse() const {
    throw input_error(text({"lambdapack: \"", run_,
                            "\" cannot be the name of a run; expected letters, digits, '_', '.' "
                            "and '-', as lprun and lp::cloud print it"}));
  }

  static std::string indices(const Indices& indices) {
    std::string all;
    for (const std::int64_t i : indices) all += text({".", i});
    return all;
  }

  std::string run_;
};

}  // namespace lambdapack::exec::cloud
