#include "lambdapack/ir/json.hpp"

#include <catch2/catch.hpp>
#include <clocale>
#include <cmath>
#include <complex>
#include <limits>
#include <string>
#include <string_view>

#include "support/programs_ir.hpp"

namespace json_test {

using namespace lambdapack;

namespace {

/// `text` with the first `from` replaced by `to`.
std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// What from_json says of `text`, or "" if it accepts it.
std::string fault_of(std::string_view text) {
  try {
    ir::from_json(text);
  } catch (const input_error& fault) {
    return fault.what();
  }
  return "";
}

/// What from_json says of Cholesky's JSON with the first `from` replaced by `to`.
std::string cholesky_fault(std::string_view from, std::string_view to) {
  return fault_of(replaced(ir::to_json(test::cholesky()), from, to));
}

std::string sampler_fault(std::string_view from, std::string_view to) {
  return fault_of(replaced(ir::to_json(test::sampler()), from, to));
}

/// The sampler with other constants for its two floating-point scalars.
ir::Program with_scalars(std::complex<double> z, double x) {
  ir::Program p = test::sampler();
  p.statements[1].scalars[1] = z;
  p.statements[1].scalars[2] = x;
  return p;
}

}  // namespace

TEST_CASE("programs come back from JSON as they were", "[ir][json]") {
  CHECK(ir::from_json(ir::to_json(test::cholesky())) == test::cholesky());
  CHECK(ir::from_json(ir::to_json(test::sampler())) == test::sampler());
  CHECK(ir::from_json(ir::to_json(test::tree())) == test::tree());
  ir::Program empty;
  empty.name = "nothing";
  CHECK(ir::from_json(ir::to_json(empty)) == empty);
}

TEST_CASE("random programs come back from JSON as they were", "[ir][json]") {
  test::RandomProgram random(7);
  for (int i = 0; i < 500; ++i) {
    const ir::Program program = random.make();
    const std::string json = ir::to_json(program);
    const ir::Program back = ir::from_json(json);
    CHECK(back == program);
    CHECK(ir::to_json(back) == json);
  }
}

TEST_CASE("Cholesky's JSON is small", "[ir][json]") {
  CHECK(ir::to_json(test::cholesky()).size() < 3000);
}

TEST_CASE("floating-point constants keep every bit", "[ir][json]") {
  const double inf = std::numeric_limits<double>::infinity();
  for (const double x : {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, 1e22, 2.0, -7.0, inf, -inf})
    CHECK(ir::from_json(ir::to_json(with_scalars({x, -x}, x))) == with_scalars({x, -x}, x));
  const auto scalar = [](const ir::Program& p) {
    return std::get<double>(ir::from_json(ir::to_json(p)).statements[1].scalars[2]);
  };
  CHECK(std::signbit(scalar(with_scalars({}, -0.0))));
  CHECK(std::isnan(scalar(with_scalars({}, std::numeric_limits<double>::quiet_NaN()))));
}

TEST_CASE("the locale has no say in numbers", "[ir][json]") {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  const ir::Program p = with_scalars({0.5, 1.25}, 3.75);
  const std::string json = ir::to_json(p);
  for (const char* name : {"de_DE.UTF-8", "de_DE", "fr_FR.UTF-8"}) {
    std::setlocale(LC_ALL, name);
    CHECK(ir::to_json(p) == json);
    CHECK(ir::from_json(json) == p);
  }
  std::setlocale(LC_ALL, before.c_str());
}

TEST_CASE("only valid programs with UTF-8 names are written", "[ir][json]") {
  ir::Program p = test::cholesky();
  p.arrays[0].name = "\xff";
  CHECK_THROWS_AS(ir::to_json(p), program_error);
  p = test::cholesky();
  p.statements[0].location.file = std::string("a\0b", 3);
  CHECK_THROWS_AS(ir::to_json(p), program_error);
  p = test::cholesky();
  p.statements[0].kernel = 5;
  CHECK_THROWS_AS(ir::to_json(p), program_error);
}

TEST_CASE("what is not JSON is refused with line and column", "[ir][json]") {
  CHECK(fault_of("") ==
        "program metadata is not JSON: line 1, column 0: '[' or '{' expected near end of file");
  CHECK(fault_of(std::string_view()) == fault_of(""));
  CHECK(fault_of("{\n  \"format\": }") ==
        "program metadata is not JSON: line 2, column 13: unexpected token near '}'");
  CHECK(fault_of("{\"a\": 1, \"a\": 2}") ==
        "program metadata is not JSON: line 1, column 12: duplicate object key near '\"a\"'");
  CHECK_THAT(cholesky_fault("\"step\":1", "\"step\":1e999"), Catch::Contains("overflow"));
  CHECK_THAT(cholesky_fault("\"step\":1", "\"step\":99999999999999999999"),
             Catch::Contains("too big integer"));
  CHECK_THAT(fault_of(std::string(100000, '[')), Catch::Contains("maximum parsing depth"));
  CHECK_THAT(fault_of(std::string("{\"\0\": 1}", 8)), Catch::Contains("is not JSON"));
  CHECK_THAT(fault_of("{\"\xff\": 1}"), Catch::Contains("unable to decode byte 0xff"));
  CHECK_THAT(fault_of(ir::to_json(test::cholesky()) + "x"),
             Catch::Contains("end of file expected"));
}

TEST_CASE("other formats and versions are refused", "[ir][json]") {
  CHECK(fault_of("[]") == "program metadata: the document: expected an object, found an array");
  CHECK(fault_of("{}") ==
        "program metadata: the document: expected a member \"format\", found none");
  CHECK(cholesky_fault("lambdapack-program", "other") ==
        "program metadata: /format: expected \"lambdapack-program\", found \"other\"");
  const std::string other_version =
      "program metadata: /version: expected version 2, which this lambdapack reads (for another "
      "version, use the lambdapack that wrote it, or write the program again with this one), "
      "found ";
  CHECK(cholesky_fault("\"version\":2", "\"version\":3, \"new\":0") == other_version + "3");
  CHECK(cholesky_fault("\"version\":2", "\"version\":1") == other_version + "1");
  CHECK(cholesky_fault("\"version\":2", "\"version\":\"2\"") == other_version + "\"2\"");
}

TEST_CASE("faults are refused with a JSON pointer", "[ir][json]") {
  struct Case {
    const char* from;
    const char* to;
    const char* fault;
  };
  const Case cases[] = {
      {"\"name\":\"cholesky\",", "", "the document: expected a member \"name\", found none"},
      {"\"name\":\"cholesky\"", "\"name\":7", "/name: expected a string, found 7"},
      {"\"name\":\"cholesky\"", "\"name\":\"c\", \"a/b~\":1",
       "/a~1b~0: expected none but the members \"format\", \"version\", \"name\", \"files\", "
       "\"parameters\", \"arrays\", \"kernels\", \"functions\", \"scopes\", \"statements\", "
       "found this one"},
      {"\"files\":[", "\"files\":[3, ", "/files/0: expected a string, found 3"},
      {"{\"name\":\"A.extent(0)\"}", "\"A.extent(0)\"",
       "/parameters/0: expected an object, found \"A.extent(0)\""},
      {"\"rank\":2", "\"rank\":9", "/arrays/0/rank: expected an integer from 0 to 8, found 9"},
      {"\"rank\":2", "\"rank\":2.0", "/arrays/0/rank: expected an integer from 0 to 8, found 2.0"},
      {"\"role\":\"inout\",\"extents\"", "\"role\":\"in_list\",\"extents\"",
       "/arrays/0/role: expected one of \"in\", \"out\", \"inout\", \"temp\", found \"in_list\""},
      {"\"extents\":[0,1]", "\"extents\":[0,2]",
       "/arrays/0/extents/1: expected an integer from 0 to 1, found 2"},
      {"\"extents\":[0,1]", "\"extents\":{}",
       "/arrays/0/extents: expected an array, found an object"},
      {"\"role\":\"inout\",\"element\"", "\"role\":null,\"element\"",
       "/kernels/0/parameters/0/role: expected one of \"in\", \"out\", \"inout\", \"in_list\", "
       "\"scalar\", found null"},
      {"\"parent\":-1", "\"parent\":3",
       "/scopes/0/parent: expected an integer from -1 to 2, found 3"},
      {"\"parent\":-1,\"loop\"", "\"parent\":-1,\"while\"",
       "/scopes/0/while: expected none but the members \"parent\", \"loop\", \"location\", found "
       "this one"},
      {"\"lower\":0", "\"lower\":2147483649",
       "/scopes/0/loop/lower: expected an integer from -2147483648 to 2147483648, found "
       "2147483649"},
      {"\"lower\":0", "\"lower\":true",
       "/scopes/0/loop/lower: expected an integer, or an object with \"terms\" and \"constant\", "
       "found true"},
      {"[1,\"parameter\",0]", "[1,\"parameter\",5]",
       "/scopes/0/loop/upper/terms/0/2: expected an integer from 0 to 1, found 5"},
      {"[1,\"parameter\",0]", "[1,\"extent\",0]",
       "/scopes/0/loop/upper/terms/0/1: expected one of \"parameter\", \"loop\", "
       "\"function\", found \"extent\""},
      {"[1,\"parameter\",0]", "[1,\"parameter\"]",
       "/scopes/0/loop/upper/terms/0: expected a term [coefficient, \"parameter\", \"loop\" or "
       "\"function\", id], found 2 elements"},
      {",\"constant\":0},\"step\"", "},\"step\"",
       "/scopes/0/loop/upper: expected a member \"constant\", found none"},
      {"\"location\":[0,8]", "\"location\":[1,8]",
       "/scopes/0/location/0: expected an integer from 0 to 0, found 1"},
      {"\"location\":[0,8]", "\"location\":[0,-8]",
       "/scopes/0/location/1: expected an integer from 0 to 2147483647, found -8"},
      {"\"scope\":0,\"kernel\":0", "\"scope\":0,\"kernel\":3",
       "/statements/0/kernel: expected an integer from 0 to 2, found 3"},
      {"\"array\":0", "\"array\":7",
       "/statements/0/writes/0/array: expected an integer from 0 to 0, found 7"},
      {"\"scalars\":[]", "\"scalars\":0", "/statements/0/scalars: expected an array, found 0"}};
  for (const Case& c : cases)
    CHECK(cholesky_fault(c.from, c.to) == std::string("program metadata: ") + c.fault);
}

TEST_CASE("faults in runs, guards and scalars are refused with a JSON pointer", "[ir][json]") {
  CHECK(sampler_fault("\"<\"", "\"=<\"") ==
        "program metadata: /scopes/1/when/0/0/1: expected one of \"<\", \"<=\", \"==\", \"!=\", "
        "\">=\", \">\", found \"=<\"");
  CHECK(sampler_fault("\"when\":[]", "\"when\":[[[1,\"<\"]]]") ==
        "program metadata: /scopes/3/when/0/0: expected a comparison [left, relation, right], "
        "found 2 elements");
  CHECK(sampler_fault("\"step\":2}", "\"stride\":2}") ==
        "program metadata: /statements/1/reads/0/subscripts/0/stride: expected none but the "
        "members \"at\", \"end\", \"step\", found this one");
  CHECK(sampler_fault("{\"real\":0.001}", "{\"real\":\"infinite\"}") ==
        "program metadata: /statements/1/scalars/2/real: expected a number, \"inf\", \"-inf\" or "
        "\"nan\", found \"infinite\"");
  CHECK(sampler_fault("{\"real\":0.001}", "{\"real\":9007199254740993}") ==
        "program metadata: /statements/1/scalars/2/real: expected an integer from "
        "-9007199254740992 to 9007199254740992, found 9007199254740993");
  CHECK(sampler_fault("[0.1,-2.0]", "[0.1]") ==
        "program metadata: /statements/1/scalars/1/complex: expected [real part, imaginary part], "
        "found 1 elements");
  CHECK(sampler_fault("{\"real\":0.001}", "{\"real\":0.001,\"index\":1}") ==
        "program metadata: /statements/1/scalars/2/real: expected none but the members \"index\", "
        "found this one");
  CHECK(sampler_fault("{\"real\":0.001}", "{\"real\":2}").empty());
}

TEST_CASE("faults in functions and rules are refused with a JSON pointer", "[ir][json]") {
  const auto fault = [](std::string_view from, std::string_view to) {
    return fault_of(replaced(ir::to_json(test::tree()), from, to));
  };
  CHECK(fault("\"log_ceil\"", "\"log2\"") ==
        "program metadata: /functions/0/kind: expected one of \"quotient\", \"remainder\", "
        "\"power\", \"log_floor\", \"log_ceil\", found \"log2\"");
  CHECK(fault("\"base\":2", "\"base\":2147483649") ==
        "program metadata: /functions/0/base: expected an integer from -2147483648 to 2147483648, "
        "found 2147483649");
  CHECK(fault("\"base\":2", "\"base\":2,\"of\":0") ==
        "program metadata: /functions/0/of: expected none but the members \"kind\", \"base\", "
        "\"argument\", found this one");
  CHECK(fault("[1,\"function\",0]", "[1,\"function\",6]") ==
        "program metadata: /scopes/0/loop/upper/terms/0/2: expected an integer from 0 to 5, found "
        "6");
  CHECK(fault("\"unwritten\":2", "\"unwritten\":4") ==
        "program metadata: /arrays/1/unwritten: expected an integer from 0 to 3, found 4");
  CHECK(fault("\"zero\"", "\"one\"") ==
        "program metadata: /arrays/2/unwritten: expected \"zero\" or a kernel, found \"one\"");
  CHECK(fault("\"reduction\":true", "\"reduction\":1") ==
        "program metadata: /statements/1/reduction: expected true or false, found 1");
  CHECK(fault("\"stoppable\":true", "\"stoppable\":null") ==
        "program metadata: /statements/2/stoppable: expected true or false, found null");
}

TEST_CASE("ids of things that there are none of are refused", "[ir][json]") {
  CHECK(fault_of(R"({"format":"lambdapack-program","version":2,"name":"p","files":[],
                     "parameters":[],"arrays":[],"kernels":[],"functions":[],"scopes":[],
                     "statements":[{"scope":-1,"kernel":0}]})") ==
        "program metadata: /statements/0/kernel: expected a kernel, of which there are none, "
        "found 0");
}

TEST_CASE("a document of an invalid program is refused", "[ir][json]") {
  CHECK(cholesky_fault("\"step\":1", "\"step\":0") ==
        "program metadata: invalid program: cholesky: cholesky.cpp:8: scopes[0].what.step: found "
        "0; expected a step other than 0 [lp-E007]");
}

TEST_CASE("messages stay short whatever the document holds", "[ir][json]") {
  std::string long_text;
  for (int i = 0; i < 10000; ++i) long_text += "\xc3\xa9";
  CHECK(cholesky_fault("\"step\":1", "\"step\":\"" + long_text + '"').size() < 300);
  CHECK(cholesky_fault("\"step\":1", "\"" + long_text + "\":1").size() < 300);
}

}  // namespace json_test
