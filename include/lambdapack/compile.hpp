// The body of Compiled: closed forms, generated or derived once, and fitting data to a program.
#pragma once

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/compiled.hpp"
#include "lambdapack/form/registered.hpp"
#include "lambdapack/ir/validate.hpp"
#include "lambdapack/text.hpp"
#ifdef LAMBDAPACK_COMPILED
#include "lambdapack/compiled_only.hpp"
#else
#include "lambdapack/analysis/derive.hpp"
#endif

namespace lambdapack {

namespace detail {

/// Closed forms of the programs seen last in this process. Where generated code has brought them,
/// they are taken from there; else equal programs are analysed once.
class FormCache {
 public:
  static std::shared_ptr<const form::ClosedForms> forms(const ir::Program& program) {
    static FormCache cache;
    {
      const std::lock_guard lock(cache.mutex_);
      const auto known = std::find_if(cache.entries_.begin(), cache.entries_.end(),
                                      [&](const auto& entry) { return entry.first == program; });
      if (known != cache.entries_.end()) {
        std::rotate(known, known + 1, cache.entries_.end());  // the last is the latest used
        return cache.entries_.back().second;
      }
    }
    auto forms = std::make_shared<const form::ClosedForms>(generated_or_derived(program));
    const std::lock_guard lock(cache.mutex_);
    if (cache.entries_.size() == capacity) cache.entries_.erase(cache.entries_.begin());
    cache.entries_.emplace_back(program, forms);
    return forms;
  }

 private:
  static form::ClosedForms generated_or_derived(const ir::Program& program) {
    ir::validate(program);
    if (std::optional<form::ClosedForms> generated = form::registered(program))
      return *std::move(generated);
    return derive(program);
  }

  static constexpr std::size_t capacity = 512;
  std::mutex mutex_;
  std::vector<std::pair<ir::Program, std::shared_ptr<const form::ClosedForms>>> entries_;
};

/// Throws input_error unless the store can stand for the array.
inline void check_array(const ir::Program& program, const ir::Array& array,
                        const tile::Store& store) {
  const std::string who =
      text({"lambdapack: ", program.name, " takes ", array.name, " as an array of ", array.element,
            " of rank ", array.rank, ", but was given ", store.describe()});
  if (store.payload().name != array.element)
    throw input_error(text({who, ", whose tiles hold ", store.payload().name,
                            "; convert the data or change the program's type"}));
  if (store.extents().size() != static_cast<std::size_t>(array.rank))
    throw input_error(
        text({who, " of rank ", store.extents().size(), "; pass an array of that rank"}));
}

}  // namespace detail

LAMBDAPACK_API Compiled::Compiled(Traced traced)
    : program_(std::make_shared<const ir::Program>(std::move(traced.program))),
      kernels_(std::move(traced.kernels)),
      constants_(std::move(traced.constants)),
      forms_(detail::FormCache::forms(*program_)) {}

LAMBDAPACK_API exec::Job Compiled::job(std::vector<std::shared_ptr<tile::Store>> arrays,
                                       const std::vector<std::int64_t>& integers) const {
  arrays.resize(program_->arrays.size());
  std::vector<std::int64_t> parameters(program_->parameters.size());
  std::vector<bool> is_extent(parameters.size());
  for (std::size_t a = 0; a < arrays.size(); ++a) {
    const ir::Array& array = program_->arrays[a];
    if (array.role == ir::ArrayRole::temp) continue;
    if (!arrays[a])
      throw input_error(text({"lambdapack: ", program_->name, " was given no data for its array ",
                              array.name, "; pass one array for each that is not a temp"}));
    detail::check_array(*program_, array, *arrays[a]);
    for (std::size_t d = 0; d < array.extents.size(); ++d) {
      const auto p = static_cast<std::size_t>(array.extents[d]);
      parameters[p] = arrays[a]->extents()[d];
      is_extent[p] = true;
    }
  }
  for (std::size_t a = 0; a < arrays.size(); ++a)
    for (std::size_t b = 0; b < a; ++b)
      if (arrays[a] && arrays[a] == arrays[b])
        throw input_error(text({"lambdapack: ", program_->name,
                                " was given one store for two of "
                                "its arrays, ",
                                program_->arrays[b].name, " and ", program_->arrays[a].name,
                                "; pass a store of its own for each"}));
  std::size_t next = 0;
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    if (is_extent[p]) continue;
    if (next == integers.size())
      throw input_error(text({"lambdapack: ", program_->name, " was given no value for its size ",
                              program_->parameters[p].name, "; pass one for each lp::Integer"}));
    parameters[p] = integers[next++];
  }
  return {program_, graph(std::move(parameters)), kernels_, std::move(arrays), constants_};
}

}  // namespace lambdapack
