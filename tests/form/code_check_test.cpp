// Bytecode that is safe to run is told from bytecode that is not.
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/form/assembler.hpp"
#include "lambdapack/form/code_check.hpp"

namespace code_check_test {

namespace {

using namespace lambdapack::form;
using lambdapack::input_error;
using Code = std::vector<Word>;
using Tuples = std::vector<std::pair<int, int>>;
using Catch::Matchers::Equals;

constexpr Word word(Op op) { return static_cast<Word>(op); }

// One of each, with registers 0 and 1 given: for (r2 = 0; r2 <= r0; ++r2) emit.
Code loop() {
  Assembler out(2);
  const int i = out.scratch(), last = out.scratch();
  out.set(i, Affine::of(0));
  out.set(last, Affine::of_register(0));
  out.loop(i, last, 1, [&] { out.emit(7, {Affine::of_register(i), Affine::of_register(1)}); });
  out.end();
  return out.finish();
}

void refused(const Code& code, const std::string& why) {
  CHECK_THROWS_WITH(sketch(code), Equals(why));
  CHECK_THROWS_AS(sketch(code), input_error);
}

}  // namespace

TEST_CASE("a sketch says what a form needs and emits") {
  Code code = loop();
  const auto first = static_cast<std::int32_t>(code.size());
  Assembler out(1);
  const Assembler::Label no = out.label();
  out.if_negative(Affine::of_register(0), no);
  out.emit(3, {});
  out.emit(3, {});
  out.place(no);
  out.emit(-1, {Affine::of(1)});
  out.end();
  for (const Word w : out.finish()) code.push_back(w);

  const std::vector<Sketch> forms = sketch(code);
  REQUIRE(forms.size() == 2);
  CHECK(forms[0].offset == 0);
  CHECK(forms[0].inputs == 2);
  CHECK_FALSE(forms[0].always_emits);
  CHECK(forms[0].tuples == Tuples{{7, 2}});
  CHECK(forms[1].offset == first);
  CHECK(forms[1].inputs == 1);
  CHECK(forms[1].tuples == Tuples{{-1, 1}, {3, 0}});
  CHECK(sketch({}).empty());
  CHECK(sketch({word(Op::emit), 0, 0, word(Op::end)}).front().always_emits);
}

TEST_CASE("a register counts as set only where every way sets it") {
  Assembler out(1);
  const int r = out.scratch();
  const Assembler::Label skip = out.label();
  out.if_negative(Affine::of_register(0), skip);
  out.set(r, Affine::of(1));
  out.place(skip);
  out.emit(0, {Affine::of_register(r)});
  out.end();
  CHECK(sketch(out.finish()).front().inputs == 2);
}

TEST_CASE("large constants pass") {
  Assembler out(1);
  const int r = out.scratch(), q = out.scratch();
  out.set(r, Affine{1'000'000, {{0, 300}}});
  out.floor_div(q, r, 100'000);
  out.mod(q, r, 100'000);
  out.emit(0, {Affine::of_register(q)});
  out.end();
  CHECK(sketch(out.finish()).front().inputs == 1);
}

TEST_CASE("words that are no operation are refused") {
  refused({99}, "word 0: operation 99; the operations are 0 to 20");
  refused({-1}, "word 0: operation -1; the operations are 0 to 20");
  refused({word(Op::set), 2, 0, 0}, "word 4: the code ends before the form does");
  refused({word(Op::set), 2, 0, 2, 256}, "word 0: the code ends before the form does");
  refused({word(Op::emit), 0, 9}, "word 0: a tuple of 9 values; expected from 0 to 8");
  refused({word(Op::set), 64, 0, 0, word(Op::end)},
          "word 0: register 64; expected one from 0 to 63");
  refused({word(Op::set), 0, 0, 1, 256 + 64, word(Op::end)},
          "word 0: register 64; expected one from 0 to 63");
  refused({word(Op::set), 0, 0, -1, word(Op::end)}, "word 0: -1 terms; expected from 0 to 64");
}

TEST_CASE("divisions by zero are refused") {
  refused({word(Op::floor_div), 0, 0, 0, word(Op::end)},
          "word 0: a division by 0; expected 1 or more");
  refused({word(Op::mod), 0, 0, -2, word(Op::end)}, "word 0: a division by -2; expected 1 or more");
  refused({word(Op::power), 0, 0, 1, word(Op::end)}, "word 0: the base 1; expected 2 or more");
  const std::string not_behind =
      "floor_div_by does not stand behind the wide that sets its divisor above 0";
  refused({word(Op::floor_div_by), 0, 0, 1, word(Op::end)}, "word 0: " + not_behind);
  refused({word(Op::wide), 1, 0, 0, word(Op::floor_div_by), 0, 0, 1, word(Op::end)},
          "word 4: " + not_behind);
  refused({word(Op::wide), 1, -1, 5, word(Op::floor_div_by), 0, 0, 1, word(Op::end)},
          "word 4: " + not_behind);
  refused({word(Op::if_negative), 8, 0, 0, word(Op::wide), 1, 1, 0, word(Op::floor_div_by), 0, 0, 1,
           word(Op::end)},
          "word 8: " + not_behind);
}

TEST_CASE("jumps that leave their form, or go back, are refused") {
  refused({word(Op::jump), -1, word(Op::end)},
          "word 0: a jump to -1; expected a place in the form");
  refused({word(Op::jump), 0, word(Op::end)},
          "word 0: a jump back to 0; only next and next_by go back");
  refused({word(Op::jump), 4, word(Op::set), 0, 0, 0, word(Op::end)},
          "word 0: a jump to 4, where no operation begins");
  refused({word(Op::jump), 9, word(Op::end)}, "word 3: the code ends before the form does");
}

TEST_CASE("loops that do not end, or not where they are left, are refused") {
  const Code good = loop();
  const std::size_t at = 9;  // behind the two sets
  REQUIRE(good[at] == word(Op::loop));
  const auto changed = [&](std::size_t k, Word to) {
    Code code = good;
    code[k] = to;
    return code;
  };
  refused(changed(at + 3, 0), "word 9: a step of 0; expected 1 or more");
  refused(changed(at + 4, 100), "word 9: a loop that is left for 100, where it has not ended");
  Code early = changed(at + 4, 28);
  early[at + 5] = 0;
  refused(early, "word 24: the end of a loop where no loop ends");
  refused(changed(at + 5, 2), "word 9: a loop with the leaf mark 2");
  refused(changed(24 + 1, 0),
          "word 24: a loop that ends with other registers or steps than it began with");
  refused(changed(24, word(Op::next_by)), "word 24: a loop that ends otherwise than it began");
  refused(changed(24 + 4, 9), "word 24: a loop that goes back to 9; expected its body");

  Code two = good;  // the body sets the counter: emit becomes set, emit
  two.insert(two.begin() + 15, {word(Op::set), 2, 0, 0});
  two[13] = static_cast<Word>(two[13] + 4);
  refused(two, "word 9: a loop that does more than emit is marked as a leaf");
  two[14] = 0;
  refused(two, "word 15: register 2 is set in a loop that counts with it");
  two[16] = 4;
  CHECK(sketch(two).front().inputs == 2);
}

TEST_CASE("a jump into a loop is refused") {
  Code code{word(Op::if_negative), 19, 0, 1, 256};
  for (const Word w : loop()) code.push_back(w);
  code[5 + 9 + 4] = static_cast<Word>(code[5 + 9 + 4] + 5);  // exit and body move with the code
  code[5 + 24 + 4] = static_cast<Word>(code[5 + 24 + 4] + 5);
  code[1] = 5 + 15;
  refused(code, "word 0: a jump to 20, into a loop");
  code[1] = 5 + 9;
  CHECK_NOTHROW(sketch(code));
}

}  // namespace code_check_test
