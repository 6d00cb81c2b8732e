// Sizes by name become the values of a program's parameters.
#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "emit/emit.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

/// `A.extent(0), A.extent(1)`.
std::string names(const Unit& unit) {
  std::string all;
  for (const ir::Parameter& p : unit.program.parameters)
    all += text({all.empty() ? "" : ", ", p.name});
  return all;
}

bool is_parameter(const Unit& unit, const std::string& name) {
  const std::vector<ir::Parameter>& all = unit.program.parameters;
  return std::any_of(all.begin(), all.end(),
                     [&](const ir::Parameter& p) { return p.name == name; });
}

/// A short name that is no parameter's.
std::string example(const Unit& unit) {
  std::string name = "n";
  while (is_parameter(unit, name)) name += name == "n" ? "_all" : "_";
  return name;
}

std::string known(const Unit& unit) {
  if (unit.program.parameters.empty()) return text({unit.program.name, " has no sizes"});
  return text({"the sizes of ", unit.program.name, " are ", names(unit),
               ", and one short name, as in ", example(unit), "=8, sets all that have none"});
}

/// A name that could be a parameter's of somebody else's program is a mistake, not a short name.
bool is_short_name(const std::string& name) {
  return !name.empty() && name.find_first_of(".( ") == std::string::npos;
}

/// The size that stands for all that are not named, or the end.
Sizes::const_iterator general(const Unit& unit, const Sizes& sizes) {
  auto found = sizes.end();
  for (auto size = sizes.begin(); size != sizes.end(); ++size) {
    if (is_parameter(unit, size->first)) continue;
    if (!is_short_name(size->first))
      throw input_error(
          text({"lpc: ", unit.program.name, " has no size ", size->first, "; ", known(unit)}));
    if (found != sizes.end())
      throw input_error(text({"lpc: neither ", found->first, " nor ", size->first, " is a size of ",
                              unit.program.name, "; ", known(unit)}));
    found = size;
  }
  return found;
}

}  // namespace

std::vector<std::int64_t> parameters(const Unit& unit, const Sizes& sizes) {
  const auto rest = general(unit, sizes);
  std::vector<std::int64_t> values;
  for (const ir::Parameter& p : unit.program.parameters) {
    auto size = sizes.find(p.name);
    if (size == sizes.end()) size = rest;
    if (size == sizes.end())
      throw input_error(text({"lpc: the size ", p.name, " of ", unit.program.name,
                              " has no value; set it, as in --set '", p.name,
                              "=8', or all that have none with --set ", example(unit), "=8"}));
    if (size->second < 0)
      throw input_error(
          text({"lpc: the size ", size->first, " is ", size->second, "; a size is 0 or more"}));
    values.push_back(size->second);
  }
  return values;
}

TaskGraph graph(const Unit& unit, const Sizes& sizes) {
  return {std::make_shared<const form::ClosedForms>(unit.forms), parameters(unit, sizes)};
}

}  // namespace lambdapack::lpc
