// How a trace finds its author's names. A program may call others, and its first access may stand
// in one of those: of the functions that the trace has passed through, in the order in which it
// came to them, the first whose parameters fit is taken for the program. A copy of an array, made
// where a program hands it to another, counts as a place too; so what is missed is a program that
// does nothing but hand its arrays on by reference, to one with the same parameters.
#pragma once

#include <cstring>
#include <source_location>
#include <string>
#include <vector>

#include "lambdapack/dsl/places.hpp"
#include "lambdapack/dsl/recorder.hpp"
#include "lambdapack/dsl/signature.hpp"
#include "lambdapack/dsl/source_names.hpp"

namespace lambdapack::detail {

LAMBDAPACK_API void Recorder::see(const std::source_location& at) {
  for (const std::source_location& known : places_)
    if (known.function_name() == at.function_name() ||
        std::strcmp(known.function_name(), at.function_name()) == 0)
      return;
  places_.push_back(at);
}

LAMBDAPACK_API std::source_location Recorder::own_place(const std::vector<bool>& is_array,
                                                        const std::vector<bool>& is_integer) const {
  std::vector<ParameterWord> words(is_array.size(), ParameterWord::other);
  std::size_t array = 0;
  for (std::size_t k = 0; k < words.size(); ++k)
    if (is_array[k])
      words[k] = word_for(traced_.program.arrays[array++].role);
    else if (is_integer[k])
      words[k] = ParameterWord::integer;
  for (const std::source_location& place : places_)
    if (signature_fits(place.function_name(), words)) return place;
  return {};
}

// Puts the author's names in place of the positional ones, as far as they can be found.
LAMBDAPACK_API void Recorder::rename(const std::vector<bool>& is_array,
                                     const std::vector<bool>& is_integer) {
  ir::Program& p = traced_.program;
  const std::source_location place = own_place(is_array, is_integer);
  const std::string function = plain_function_name(place.function_name());
  if (!function.empty()) p.name = function;
  const std::vector<std::string> names =
      names_->parameters(place.file_name(), function, static_cast<int>(place.line()));
  if (names.size() != is_array.size()) return;
  std::size_t array = 0, parameter = 0;
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (is_integer[k]) p.parameters[parameter++].name = names[k];
    if (!is_array[k]) continue;
    ir::Array& a = p.arrays[array++];
    a.name = names[k];
    for (std::size_t d = 0; d < a.extents.size(); ++d)
      p.parameters[parameter++].name = extent_name(a.name, d);
  }
}

}  // namespace lambdapack::detail
