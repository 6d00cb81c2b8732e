// Random code, run on numbers and on symbols.
#include "lambdapack/analysis/decompile.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <map>
#include <random>
#include <utility>
#include <vector>

#include "lambdapack/form/assembler.hpp"

namespace decompile_test {

namespace {

namespace isl = lambdapack::analysis::isl;
using lambdapack::analysis::Decompiler;
using lambdapack::analysis::EmitSite;
using lambdapack::form::Affine;
using lambdapack::form::Assembler;
using lambdapack::form::Cursor;
using lambdapack::form::Entry;
using lambdapack::form::Word;

constexpr int parameters = 2;
constexpr int point = 2;

/// Writes forms with everything in them that the analysis may write: registers set on two paths,
/// extremes of extremes, divisions, loops with steps and any start.
class RandomForm {
 public:
  explicit RandomForm(std::uint64_t seed) : random_(seed), out_(parameters + point) {
    for (int r = 0; r < parameters + point; ++r) set_.push_back(r);
  }

  std::vector<Word> make() {
    block(3, 0);
    out_.end();
    return out_.finish();
  }

 private:
  int pick(int lo, int hi) { return std::uniform_int_distribution<int>(lo, hi)(random_); }
  int any_register() {
    return set_[static_cast<std::size_t>(pick(0, static_cast<int>(set_.size()) - 1))];
  }
  Affine affine() {
    Affine a = Affine::of(pick(-2, 2));
    for (int k = pick(0, 2); k > 0; --k) a.add(Affine::of_register(any_register()), pick(-1, 2));
    return a;
  }
  int defined() {
    const int r = out_.scratch();
    set_.push_back(r);
    return r;
  }

  void block(int items, int depth) {
    const std::size_t known = set_.size();
    const int mark = out_.mark();
    for (; items > 0; --items) item(depth);
    set_.resize(known);
    out_.release(mark);
  }

  void item(int depth) {
    switch (pick(0, depth < 3 ? 8 : 6)) {
      case 0:
        return emit();
      case 1: {
        const Affine a = affine();
        return out_.set(defined(), a);
      }
      case 2: {
        const int src = any_register();
        return pick(0, 1) ? out_.floor_div(defined(), src, pick(1, 3))
                          : out_.mod(defined(), src, pick(1, 3));
      }
      case 3: {
        const int a = any_register(), b = any_register();
        return pick(0, 1) ? out_.min(defined(), a, b) : out_.max(defined(), a, b);
      }
      case 4:
        return selection();
      case 5:
      case 6:
        return depth < 3 ? guarded(depth) : emit();
      default:
        return loop(depth);
    }
  }

  void emit() {
    std::vector<Affine> tuple;
    for (int k = 0; k < 2; ++k) tuple.push_back(affine());
    out_.emit(pick(0, 1), tuple);
  }

  void jump_if(Assembler::Label target) {
    pick(0, 1) ? out_.if_negative(affine(), target) : out_.if_nonzero(affine(), target);
  }

  void selection() {
    const Assembler::Label otherwise = out_.label(), end = out_.label();
    const Affine a = affine(), b = affine();
    jump_if(otherwise);
    const int dst = out_.scratch();
    out_.set(dst, a);
    out_.jump(end);
    out_.place(otherwise);
    out_.set(dst, b);
    out_.place(end);
    set_.push_back(dst);
  }

  void guarded(int depth) {
    const Assembler::Label end = out_.label();
    for (int k = pick(1, 2); k > 0; --k) jump_if(end);
    block(pick(1, 2), depth + 1);
    out_.place(end);
  }

  void loop(int depth) {
    const std::size_t known = set_.size();
    const int mark = out_.mark();
    const int var = out_.scratch(), last = out_.scratch();
    out_.set(var, affine());
    out_.set(last, affine());
    if (pick(0, 2) == 0)
      pick(0, 1) ? out_.min(last, last, any_register()) : out_.max(var, var, any_register());
    out_.loop(var, last, pick(1, 3), [&] {
      set_.push_back(var);
      block(pick(1, 2), depth + 1);
    });
    set_.resize(known);
    out_.release(mark);
  }

  std::mt19937_64 random_;
  Assembler out_;
  std::vector<int> set_;  // registers that hold something on every path to here
};

using Tuple = std::pair<int, std::vector<std::int64_t>>;
using Tuples = std::map<Tuple, int>;  // how often each is emitted

Tuples emitted(const std::vector<Word>& code, const std::vector<std::int64_t>& at) {
  Cursor c(code.data(), Entry{0}, at);
  Tuples all;
  int tag = 0, size = 0;
  std::int64_t values[lambdapack::form::max_tuple];
  while (c.next(tag, size, values)) ++all[{tag, {values, values + size}}];
  return all;
}

// What the sites say for one point: one tuple for every iteration.
Tuples said(const std::vector<EmitSite>& sites, const std::vector<std::int64_t>& at) {
  Tuples all;
  for (const EmitSite& s : sites) {
    isl_map* m = s.runs.copy();
    for (unsigned p = 0; p < parameters; ++p)
      m = isl_map_fix_si(m, isl_dim_param, p, static_cast<int>(at[p]));
    for (unsigned x = 0; x < point; ++x)
      m = isl_map_fix_si(m, isl_dim_in, x, static_cast<int>(at[parameters + x]));
    isl_map* counted = isl_map_project_out(m, isl_dim_param, 0, parameters);
    const auto counters = static_cast<unsigned>(isl_map_dim(counted, isl_dim_in));
    isl_set* pairs = isl_set_flatten(isl_map_wrap(counted));
    struct State {
      Tuples& all;
      int tag;
      unsigned counters;
    } state{all, s.tag, counters};
    isl_set_foreach_point(
        pairs,
        [](isl_point* p, void* user) {
          State& st = *static_cast<State*>(user);
          std::vector<std::int64_t> values;
          for (unsigned k = 0; k < 2; ++k)
            values.push_back(isl::take_integer(
                isl_point_get_ctx(p),
                isl_point_get_coordinate_val(p, isl_dim_set, static_cast<int>(st.counters + k))));
          ++st.all[{st.tag, values}];
          isl_point_free(p);
          return isl_stat_ok;
        },
        &state);
    isl_set_free(pairs);
  }
  return all;
}

}  // namespace

TEST_CASE("random code says on symbols what it does on numbers") {
  int decompiled = 0, tuples = 0;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    const std::vector<Word> code = RandomForm(seed).make();
    INFO("seed " << seed);
    const isl::Context ctx(20'000'000);
    const isl::Set context = isl::read_set(ctx, "[p0, p1] -> { : }");
    const std::vector<EmitSite> sites = Decompiler(context, point).run(code, Entry{0});
    ++decompiled;
    std::mt19937_64 random(seed);
    std::uniform_int_distribution<int> small(-3, 4);
    for (int k = 0; k < 12; ++k) {
      const std::vector<std::int64_t> at{small(random), small(random), small(random),
                                         small(random)};
      INFO("at " << at[0] << ", " << at[1] << ", " << at[2] << ", " << at[3]);
      const Tuples truth = emitted(code, at);
      REQUIRE(said(sites, at) == truth);
      tuples += static_cast<int>(truth.size());
    }
  }
  CHECK(decompiled == 600);
  CHECK(tuples > 1000);
}

}  // namespace decompile_test
