// isl reads what --emit=isl writes, and finds the program's own relations in it.
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/emit/support.hpp"
#include "lambdapack/analysis/isl.hpp"
#include "support/brute_force.hpp"
#include "support/programs_ir.hpp"
#include "support/published.hpp"

namespace isl_text_test {

using namespace lambdapack;
namespace isl = lambdapack::analysis::isl;

namespace {

/// The values that iscc would give to the names; every line is a comment or part of one.
std::map<std::string, std::string> assignments(const std::string& text) {
  std::map<std::string, std::string> all;
  std::string rest;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    if (text[at] != '#') rest += text.substr(at, end - at + 1);
    at = end + 1;
  }
  for (std::size_t at = 0; at < rest.size();) {
    const std::size_t is = rest.find(" := ", at), close = rest.find("};", is);
    REQUIRE(close != std::string::npos);
    all[rest.substr(at, is - at)] = rest.substr(is + 4, close + 1 - is - 4);
    at = close + 3;
  }
  return all;
}

isl::UnionMap union_map(const isl::Context& ctx, const std::string& text) {
  INFO(text);
  return {ctx.get(), isl_union_map_read_from_str(ctx.get(), text.c_str())};
}
isl::UnionSet union_set(const isl::Context& ctx, const std::string& text) {
  INFO(text);
  return {ctx.get(), isl_union_set_read_from_str(ctx.get(), text.c_str())};
}

void equal_maps(const isl::Context& ctx, const std::string& a, const std::string& b) {
  INFO(a);
  CHECK(isl_union_map_is_equal(union_map(ctx, a).get(), union_map(ctx, b).get()) == isl_bool_true);
}

}  // namespace

TEST_CASE("the isl text of Cholesky is its sets and relations") {
  auto all = assignments(lpc::isl_text(emit_test::unit_of(test::cholesky())));
  const isl::Context ctx(0);
  const std::string n = "[A_extent_0, A_extent_1] -> ";
  CHECK(isl_union_set_is_equal(
            union_set(ctx, all["Domain"]).get(),
            union_set(ctx, n + "{ potrf[k] : 0 <= k < A_extent_0; trsm[k, i] : 0 <= k < i < "
                               "A_extent_0; syrk[k, i, j] : 0 <= k < j <= i < A_extent_0 }")
                .get()) == isl_bool_true);
  equal_maps(
      ctx, all["Writes"],
      n + "{ potrf[k] -> A[k, k] : 0 <= k < A_extent_0; trsm[k, i] -> A[i, k] : 0 <= k < i < "
          "A_extent_0; syrk[k, i, j] -> A[i, j] : 0 <= k < j <= i < A_extent_0 }");
  equal_maps(ctx, all["Flow"],
             n + "{ potrf[k] -> trsm[k, i] : 0 <= k < i < A_extent_0; "
                 "trsm[k, i] -> syrk[k, i, j] : 0 <= k < j <= i < A_extent_0; "
                 "trsm[k, j] -> syrk[k, i, j] : 0 <= k < j <= i < A_extent_0; "
                 "syrk[k, i, j] -> syrk[k + 1, i, j] : 0 <= k and k + 2 <= j <= i < A_extent_0; "
                 "syrk[k, i, k + 1] -> trsm[k + 1, i] : 0 <= k and k + 2 <= i < A_extent_0; "
                 "syrk[k, k + 1, k + 1] -> potrf[k + 1] : 0 <= k < A_extent_0 - 1 }");
  for (const char* name : {"Sizes", "Reads", "Initial", "Final", "Schedule"})
    CHECK(all.count(name) == 1);
}

TEST_CASE("the isl text of other programs is read by isl") {
  for (const ir::Program& program :
       {published::cholesky(), published::tsqr(), published::qr_in_place()}) {
    const auto all = assignments(lpc::isl_text(emit_test::unit_of(program)));
    const isl::Context ctx(0);
    for (const auto& [name, value] : all) {
      INFO(name << " := " << value);
      if (name == "Domain" || name == "Sizes")
        CHECK_NOTHROW(union_set(ctx, value));
      else
        CHECK_NOTHROW(union_map(ctx, value));
    }
  }
}

}  // namespace isl_text_test
