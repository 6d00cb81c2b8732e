// libFuzzer target: any bytes are either refused with input_error or a program that prints and
// comes back from its own JSON.
//
//   clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -Iinclude \
//     tests/fuzz/program_json.cpp -ljansson -o program_json
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lambdapack/ir/ir.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lambdapack;
  try {
    const ir::Program program =
        ir::from_json(std::string_view(reinterpret_cast<const char*>(data), size));
    ir::to_string(program);
    const std::string json = ir::to_json(program);
    if (ir::to_json(ir::from_json(json)) != json) std::abort();
  } catch (const input_error&) {
  }
  return 0;
}
