// Expressions and conditions of hand-written edges: C's own arithmetic is the oracle, and what is
// not affine is refused with its column.
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "lambdapack/analysis/affine_text.hpp"
#include "lambdapack/analysis/isl.hpp"

namespace lint_text_test {

using namespace lambdapack;

namespace {

namespace isl = analysis::isl;

const analysis::AffineNames names{{"n", "p0"}, {"A.extent(0)", "p0"}, {"k", "x0"}, {"i", "x1"}};

/// Whether `constraint` in isl's notation holds at the point.
bool holds(const isl::Context& ctx, const std::string& constraint,
           const analysis::Quotients& quotients, int n, int k, int i) {
  std::string all = text({"exists (z", quotients.definitions.empty() ? "" : ", ",
                          numbered("q", quotients.definitions.size()), " : z = 0 and p0 = ", n,
                          " and x0 = ", k, " and x1 = ", i, " and ", constraint});
  for (const std::string& definition : quotients.definitions) all += " and " + definition;
  return !isl::is_empty(isl::read_set(ctx, "[p0, x0, x1] -> { [] : " + all + ") }"));
}

/// Compares a condition with what C++ makes of the same text.
template <class F>
void same_condition(const std::string& written, F f) {
  INFO(written);
  const isl::Context ctx(0);
  analysis::Quotients quotients;
  const std::string condition = analysis::AffineText(written, names, quotients, "here").condition();
  for (int n = 0; n < 5; ++n)
    for (int k = -4; k < 5; ++k)
      for (int i = -1; i < 3; ++i)
        REQUIRE(holds(ctx, condition, quotients, n, k, i) == static_cast<bool>(f(n, k, i)));
}

template <class F>
void same_number(const std::string& written, F f) {
  INFO(written);
  const isl::Context ctx(0);
  analysis::Quotients quotients;
  const std::string number =
      analysis::AffineText(written, names, quotients, "here").expression().text();
  for (int n = 0; n < 5; ++n)
    for (int k = -4; k < 5; ++k) {
      const int value = f(n, k, 2);
      REQUIRE(holds(ctx, text({number, " = ", value}), quotients, n, k, 2));
      REQUIRE_FALSE(holds(ctx, text({number, " != ", value}), quotients, n, k, 2));
    }
}

#define SAME_CONDITION(...)    \
  same_condition(#__VA_ARGS__, \
                 [](int n, int k, int i) { return ((void)n, (void)k, (void)i, __VA_ARGS__); })
#define SAME_NUMBER(...)    \
  same_number(#__VA_ARGS__, \
              [](int n, int k, int i) { return ((void)n, (void)k, (void)i, __VA_ARGS__); })

std::string fault(const std::string& written, bool condition = false) {
  analysis::Quotients quotients;
  try {
    analysis::AffineText read(written, names, quotients, "here");
    if (condition)
      read.condition();
    else
      read.expression();
  } catch (const input_error& e) {
    const std::string said = e.what(), head = "hand graph: here: ";
    return said.substr(0, head.size()) == head ? said.substr(head.size()) : "?" + said;
  }
  return "";
}

}  // namespace

TEST_CASE("expressions mean what they mean in C") {
  SAME_NUMBER(n - k - 1);
  SAME_NUMBER(-k + 3);
  SAME_NUMBER(-(k - n) - -2);
  SAME_NUMBER(2 * k - n * 3);
  SAME_NUMBER(2 * (k + 1) * 3);
  SAME_NUMBER(k / 2);
  SAME_NUMBER(k % 3);
  SAME_NUMBER(-k / 2);
  SAME_NUMBER((k - 1) / 2 * 2);
  SAME_NUMBER(n - k / 2 - 1);
  SAME_NUMBER((k / 2 + n) / 3);
  SAME_NUMBER(k % 4 / 2);
  SAME_NUMBER(7 / 2 - 7 % 3);
  SAME_NUMBER(-7 / 2);
  SAME_NUMBER(k - k);
  SAME_NUMBER((3));
  SAME_NUMBER(6 / 2 * k);
}

TEST_CASE("conditions mean what they mean in C") {
  SAME_CONDITION(k < n);
  SAME_CONDITION(k <= n && i != 1);
  same_condition("k == 0 || i == 1 && n > 2",
                 [](int n, int k, int i) { return k == 0 || (i == 1 && n > 2); });
  SAME_CONDITION((k == 0 || i == 1) && n > 2);
  SAME_CONDITION(!(k >= n) || !(i < 1));
  SAME_CONDITION(!(k == 1 && i == 1));
  SAME_CONDITION(!!(k > i));
  SAME_CONDITION(!(k == 0 || n == 3) && i > -1);
  SAME_CONDITION(k % 2 == 0);
  SAME_CONDITION(!(k % 2 == -1));
  SAME_CONDITION(k / 2 != i);
  SAME_CONDITION(!(k / 2 == -1 || (k - 1) % 3 >= 1));
  SAME_CONDITION(((k) < (n)));
  SAME_CONDITION(k < n && (i < k || (n > 3 && !(i == 0))));
}

TEST_CASE("names of extents are names") {
  analysis::Quotients quotients;
  CHECK(analysis::AffineText("A.extent(0) - 2*k", names, quotients, "here").expression().text() ==
        "(0 + 1*p0 + -2*x0)");
}

TEST_CASE("what is not affine is refused with its column") {
  CHECK(fault("k * i") ==
        "column 3 of \"k * i\": expected a product with a constant, for only that is affine, found "
        "a product of two expressions");
  CHECK(fault("2 / k") ==
        "column 3 of \"2 / k\": expected a division by a positive constant, found one by an "
        "expression");
  CHECK(fault("k / 0") ==
        "column 3 of \"k / 0\": expected a division by a positive constant, found one by 0");
  CHECK(fault("k / -2") ==
        "column 3 of \"k / -2\": expected a division by a positive constant, found one by -2");
  CHECK(fault("k % (i - i - 1)") ==
        "column 3 of \"k % (i - i - 1)\": expected a division by a positive constant, found one by "
        "-1");
  CHECK(fault("m - 1") ==
        "column 1 of \"m - 1\": expected one of the names A.extent(0), i, k, n, found \"m\"");
  CHECK(fault("A.extent(1)") ==
        "column 1 of \"A.extent(1)\": expected one of the names A.extent(0), i, k, n, found "
        "\"A.extent(1)\"");
  CHECK(fault("A.extent(") ==
        "column 1 of \"A.extent(\": expected one of the names A.extent(0), i, k, n, found "
        "\"A.extent\"");
  CHECK(fault("A.extent( 0 )") ==
        "column 1 of \"A.extent( 0 )\": expected one of the names A.extent(0), i, k, n, found "
        "\"A.extent\"");
  CHECK(fault("min(k, i)") ==
        "column 1 of \"min(k, i)\": expected one of the names A.extent(0), i, k, n, found \"min\"");
  CHECK(fault("k +") == "column 4 of \"k +\": expected a number, a name or (, found the end");
  CHECK(fault("(k + 1") == "column 7 of \"(k + 1\": expected an operator or ), found the end");
  CHECK(fault("k + 1)") == "column 6 of \"k + 1)\": expected an operator, or the end, found \")\"");
  CHECK(fault("k i") == "column 3 of \"k i\": expected an operator, or the end, found \"i\"");
  CHECK(fault("2k") ==
        "column 2 of \"2k\": expected an operator (a product is written 2*k), found \"k\"");
  CHECK(fault("k + 1.5") ==
        "column 6 of \"k + 1.5\": expected a number, a name, or one of + - * / % ( ) < <= == != >= "
        "> && || !, found \".\"");
  CHECK(fault("k ^ 2") ==
        "column 3 of \"k ^ 2\": expected a number, a name, or one of + - * / % ( ) < <= == != >= > "
        "&& || !, found \"^\"");
  CHECK(fault("k ≤ n") ==
        "column 3 of \"k ≤ n\": expected a number, a name, or one of + - * / % ( ) < <= == != >= > "
        "&& || !, found \"≤\"");
  CHECK(fault("k << 1") == "column 4 of \"k << 1\": expected a number, a name or (, found \"<\"");
  CHECK(fault("k++") == "column 3 of \"k++\": expected a number, a name or (, found \"+\"");
  CHECK(fault("") == "column 1 of \"\": expected a number, a name or (, found the end");
  CHECK(fault("2147483649") ==
        "column 1 of \"2147483649\": expected numbers up to 2147483648, found a larger one");
  CHECK(fault("99999999999999999999") ==
        "column 1 of \"99999999999999999999\": expected numbers up to 2147483648, found a larger "
        "one");
  CHECK(
      fault("65536 * (65536 * k)") ==
      "column 7 of \"65536 * (65536 * k)\": expected numbers up to 2147483648, found a larger one");
  CHECK(fault("k < n") == "column 1 of \"k < n\": expected an expression, not a condition");
  CHECK(fault("1 + (k < n)") ==
        "column 5 of \"1 + (k < n)\": expected numbers on both sides of + and -");
  CHECK(fault("-(k < n)") == "column 2 of \"-(k < n)\": expected a number after -");
  CHECK(fault("2 * !(k < n)") ==
        "column 5 of \"2 * !(k < n)\": expected numbers on both sides of * / %");
}

TEST_CASE("what is no condition is refused with its column") {
  CHECK(fault("k", true) == "column 1 of \"k\": expected a condition, like k < i, found a number");
  CHECK(fault("k && i", true) ==
        "column 1 of \"k && i\": expected conditions on both sides of && and ||, found a number");
  CHECK(fault("k < i && n", true) ==
        "column 10 of \"k < i && n\": expected conditions on both sides of && and ||, found a "
        "number");
  CHECK(fault("0 <= k < n", true) ==
        "column 8 of \"0 <= k < n\": expected one comparison at a time, joined by &&, found \"<\"");
  CHECK(fault("k < i == i < n", true) ==
        "column 7 of \"k < i == i < n\": expected one comparison at a time, joined by &&, found "
        "\"==\"");
  CHECK(fault("(k < i) == (i < n)", true) ==
        "column 1 of \"(k < i) == (i < n)\": expected numbers on both sides of a comparison");
  CHECK(fault("k = i", true) == "column 3 of \"k = i\": expected == for a comparison, found \"=\"");
  CHECK(fault("k < i & i < n", true) ==
        "column 7 of \"k < i & i < n\": expected && for and, found \"&\"");
  CHECK(fault("k < i | i < n", true) ==
        "column 7 of \"k < i | i < n\": expected || for or, found \"|\"");
  CHECK(fault("!k == i", true) ==
        "column 2 of \"!k == i\": expected a condition in parentheses after !, like !(k == i), "
        "found a number");
  CHECK(fault("k < i and i < n", true) ==
        "column 7 of \"k < i and i < n\": expected an operator, or the end, found \"and\"");
  CHECK(fault("k < i ||", true) ==
        "column 9 of \"k < i ||\": expected a number, a name or (, found the end");
  CHECK(fault("k <> i", true) ==
        "column 4 of \"k <> i\": expected a number, a name or (, found \">\"");
  CHECK(fault("k =< i", true) ==
        "column 3 of \"k =< i\": expected == for a comparison, found \"=\"");
}

TEST_CASE("long and deep texts are refused, not run") {
  const std::string deep(101, '('), very_deep(4000, '-');
  CHECK(fault(deep) ==
        "column 101 of "
        "\"(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("
        "(((((((((((((\": expected fewer parentheses and signs in each other, found \"(\"");
  CHECK(fault(very_deep + "k") ==
        "column 101 of \"----------------------------------------...\": expected fewer parentheses "
        "and signs in each other, found \"-\"");
  CHECK(fault(std::string(5000, ' ')) ==
        "column 1 of \"                                        ...\": expected a text of at most "
        "4096 characters");
  std::string sum = "k";
  for (int n = 0; n < 1000; ++n) sum += " + 1";
  CHECK(fault(sum).empty());
}

}  // namespace lint_text_test
