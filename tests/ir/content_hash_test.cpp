// The hash of a program's contents.
#include <catch2/catch.hpp>
#include <string>

#include "lambdapack/ir/content_hash.hpp"
#include "support/programs_ir.hpp"

namespace content_hash_test {

using namespace lambdapack;
using ir::detail::Sha256;

TEST_CASE("SHA-256 of the standard's examples") {
  CHECK(Sha256::of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(Sha256::of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(Sha256::of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(Sha256::of(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("names and places of a program do not change its content") {
  const ir::Program program = test::cholesky();
  ir::Program other = program;
  other.name = "potrf_tiled";
  other.parameters[0].name = "n";
  other.arrays[0].name = "M";
  std::get<ir::Loop>(other.scopes[0].what).index = "step";
  other.scopes[1].location = {"elsewhere.cpp", 1};
  other.statements[0].location = {"elsewhere.cpp", 2};
  other.statements[0].reads[0].location = {"elsewhere.cpp", 3};
  CHECK(ir::content_hash(other) == ir::content_hash(program));
  CHECK(ir::content_hash(program).size() == 64);
}

TEST_CASE("what a program does is its content") {
  const ir::Program program = test::cholesky();
  ir::Program kernel = program, bound = program, element = program;
  kernel.kernels[0].name = "potf2";
  std::get<ir::Loop>(bound.scopes[1].what).lower.constant = 2;
  element.arrays[0].element = "float32";
  for (const ir::Program& other : {kernel, bound, element})
    CHECK(ir::content_hash(other) != ir::content_hash(program));
}

}  // namespace content_hash_test
