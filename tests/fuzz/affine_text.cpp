// libFuzzer target: any text is either refused with input_error, or an expression or a condition
// that isl can read.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lambdapack/analysis/affine_text.hpp"
#include "lambdapack/analysis/isl.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lambdapack;
  const std::string_view written(reinterpret_cast<const char*>(data), size);
  const analysis::AffineNames names{{"n", "p0"}, {"A.extent(0)", "p0"}, {"k", "x0"}, {"i", "x1"}};
  for (const bool condition : {false, true}) {
    analysis::Quotients quotients;
    try {
      analysis::AffineText reader(written, names, quotients, "here");
      std::string all = condition ? reader.condition() : reader.expression().text() + " = 0";
      for (const std::string& definition : quotients.definitions) all += " and " + definition;
      const analysis::isl::Context ctx(10'000'000);
      analysis::isl::read_set(
          ctx, text({"[p0] -> { [x0, x1] : exists (z", quotients.definitions.empty() ? "" : ", ",
                     numbered("q", quotients.definitions.size()), " : z = 0 and ", all, ") }"}));
    } catch (const input_error&) {
    }
  }
  return 0;
}
