// libFuzzer target: bytes choose a program, and its task graph must equal its unrolling.
// runs: 40
//
//   clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -Iinclude -Itests \
//     tests/fuzz/random_program.cpp -lisl -ljansson -o random_program
//
// LAMBDAPACK_FUZZ_PRINT=1 in the environment prints each program before its trial.
#define LAMBDAPACK_FUZZ

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>

#include "lambdapack/ir/ir.hpp"
#include "support/judge_program.hpp"
#include "support/random_program.hpp"
#include "support/random_tree_program.hpp"

namespace {

lambdapack::ir::Program program(std::uint8_t kind, const random_program::Choices& choices) {
  if (kind % 4 == 1) return random_program::tree(choices);
  if (kind % 4 == 2) return random_program::wild(choices);
  return random_program::affine(choices);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> bytes(data, size);
  const lambdapack::ir::Program p =
      program(size > 0 ? bytes[0] : 0, random_program::Choices(bytes.subspan(size > 0 ? 1 : 0)));
  static const bool print = std::getenv("LAMBDAPACK_FUZZ_PRINT") != nullptr;
  if (print) std::fprintf(stderr, "%s\n", lambdapack::ir::to_string(p).c_str());
  using random_program::ample;
  random_program::judge(p, {{0, 0, ample}, {2, 1, ample}, {3, 4, 2}, {3, 4, ample}, {6, 2, ample}},
                        200'000);
  return 0;
}
