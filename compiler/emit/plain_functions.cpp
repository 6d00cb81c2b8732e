#include "emit/plain_functions.hpp"

#include <set>

#include "emit/form_source.hpp"
#include "emit/program_literal.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

std::string registration(const Unit& unit, const std::string& name) {
  std::string kernels;
  for (std::size_t k = 0; k < unit.function->kernels.size(); ++k)
    kernels +=
        text({kernels.empty() ? "" : ",", "\n      plain::kernel_of(",
              string_literal(unit.program.kernels[k].name), ", ", unit.function->kernels[k], ")"});
  return text({"\nnamespace ", name, " {\n\n", "// ", unit.function->address, "\n",
               "inline Traced make() {\n  return {\n    ", program_literal(unit.program, 4),
               ",\n    {", kernels, "}};\n}\n\n", "const plain::Registration registration(",
               unit.function->address, ", &make);\n\n}  // namespace ", name, "\n"});
}

}  // namespace

std::string plain_functions(const std::vector<Unit>& units) {
  std::string all;
  std::set<std::string> names;
  for (const Unit& unit : units)
    if (unit.function) all += registration(unit, identifier(unit.program.name, names));
  if (all.empty()) return all;
  return text(
      {"\n#include <lambdapack/plain/generated.hpp>\n\n",
       "// Functions over lp::Tiles. They are of this file only, and named as in the source "
       "before it.\nnamespace lambdapack::compiled {\nnamespace {\n",
       all, "\n}\n}  // namespace lambdapack::compiled\n"});
}

}  // namespace lambdapack::lpc
