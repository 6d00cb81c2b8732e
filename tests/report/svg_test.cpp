// Text in pictures: XML, and numbers for people.
#include <catch2/catch.hpp>
#include <string>

#include "lambdapack/report/detail/svg.hpp"
#include "report/support.hpp"

namespace svg_test {

using namespace lambdapack::report::detail;

TEST_CASE("escape makes any bytes fit for XML") {
  CHECK(escape("") == "");
  CHECK(escape("potrf[k=1]") == "potrf[k=1]");
  CHECK(escape("<&>\"'") == "&lt;&amp;&gt;&quot;&#39;");
  CHECK(escape("é × µ 😀") == "é × µ 😀");
  CHECK(escape(std::string("a\0b\x1f\x7f\n", 6)) == "a?b???");
  CHECK(escape("\xff\xc3") == "??");
  CHECK(escape("\xc0\xaf") == "??");
  CHECK(escape("\xed\xa0\x80") == "???");
  CHECK(escape("\xef\xbf\xbf") == "???");
  CHECK(escape("\xf4\x90\x80\x80") == "????");
}

TEST_CASE("what escape lets through is well-formed") {
  std::string all;
  for (int a = 0; a < 256; ++a)
    for (int b = 0; b < 256; ++b)
      for (const char* rest : {"", "\x80", "\xbf\xbf", "\x80\x80"}) {
        all += static_cast<char>(a);
        all += static_cast<char>(b);
        all += rest;
        all += '.';
      }
  CHECK(report_tests::elements("<a b=\"" + escape(all) + "\">" + escape(all) + "</a>").size() == 1);
}

TEST_CASE("numbers are short") {
  CHECK(number(12) == "12");
  CHECK(number(0.25) == "0.25");
  CHECK(number(1.999) == "2");
  CHECK(number(-0.001) == "0");
  CHECK(number(100, 0) == "100");
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1797) == "1,797");
  CHECK(grouped(-1234567) == "-1,234,567");
  CHECK(counted(1, "task") == "1 task");
  CHECK(counted(1797, "task") == "1,797 tasks");
}

TEST_CASE("durations choose their unit") {
  CHECK(duration(0) == "0 ns");
  CHECK(duration(12e-9) == "12 ns");
  CHECK(duration(999.6e-9) == "1 µs");
  CHECK(duration(12.34e-6) == "12.3 µs");
  CHECK(duration(1.234e-3) == "1.23 ms");
  CHECK(duration(0.9999) == "1 s");
  CHECK(duration(42.42) == "42.4 s");
  CHECK(duration(99.99) == "1 min 40 s");
  CHECK(duration(3599.9) == "1 h 0 min");
  CHECK(duration(7384) == "2 h 3 min");
}

}  // namespace svg_test
