// Hand-written Cholesky, damaged at random: what lint finds is what differs from an unrolling.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/analysis/lint.hpp"
#include "lambdapack/ir/print.hpp"
#include "support/brute_force.hpp"
#include "support/hand_edges.hpp"
#include "support/programs_ir.hpp"

namespace lint_random_test {

using namespace lambdapack;
using namespace hand_edges;

namespace {

namespace isl = analysis::isl;
using Kind = LintFinding::Kind;

struct Hand {
  std::vector<Family> out, in;

  std::vector<Family>& list(EdgeDirection d) { return d == EdgeDirection::out ? out : in; }
  const std::vector<Family>& list(EdgeDirection d) const {
    return d == EdgeDirection::out ? out : in;
  }
  ir::HandGraph written() const {
    ir::HandGraph graph;
    graph.sizes = {{"n", "A.extent(0)"}, {"m", "A.extent(1)"}};
    graph.out.emplace();
    graph.in.emplace();
    for (const Family& f : out) graph.out->push_back(f.written(EdgeDirection::out));
    for (const Family& f : in) graph.in->push_back(f.written(EdgeDirection::in));
    return graph;
  }
};

Hand cholesky() {
  const Affine k = var("k"), i = var("i"), j = var("j"), next = var("k", 1), last = var("n", -1);
  const Comparison later{k, ">", {}};
  return {{{0, {"k"}, {}, {{"i", next, last}}, 1, {k, i}, 0},
           {1, {"k", "i"}, {}, {{"j", next, i}}, 2, {k, i, j}, 1},
           {1, {"k", "j"}, {}, {{"i", j, last}}, 2, {k, i, j}, 2},
           {2, {"k", "i", "j"}, {{i, "==", next}, {j, "==", next}}, {}, 0, {next}, 0},
           {2, {"k", "i", "j"}, {{i, ">", next}, {j, "==", next}}, {}, 1, {next, i}, 1},
           {2, {"k", "i", "j"}, {{j, ">", next}}, {}, 2, {next, i, j}, 0}},
          {{0, {"k"}, {later}, {}, 2, {var("k", -1), k, k}, 0},
           {1, {"k", "i"}, {}, {}, 0, {k}, 0},
           {1, {"k", "i"}, {later}, {}, 2, {var("k", -1), i, k}, 1},
           {2, {"k", "i", "j"}, {later}, {}, 2, {var("k", -1), i, j}, 0},
           {2, {"k", "i", "j"}, {}, {}, 1, {k, i}, 1},
           {2, {"k", "i", "j"}, {}, {}, 1, {k, j}, 2}}};
}

/// Damages one family, the same way for the same seed.
class Damage {
 public:
  explicit Damage(std::uint64_t seed) : random_(seed) {}

  void damage(Hand& hand) {
    const EdgeDirection direction = below(2) == 0 ? EdgeDirection::out : EdgeDirection::in;
    std::vector<Family>& list = hand.list(direction);
    const std::size_t at = below(list.size());
    if (below(8) == 0) {
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(at));
      return;
    }
    if (below(8) == 0) list.push_back(list[at]);
    damage(list[at], direction);
  }

 private:
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }

  void damage(Affine& e, const Family& f) {
    if (below(3) > 0) {
      static constexpr int steps[] = {-2, -1, 1, 2};
      e.constant += steps[below(4)];
      return;
    }
    std::vector<std::string> names = f.indices;
    names.push_back("n");
    e.terms[names[below(names.size())]] += below(2) == 0 ? 1 : -1;
  }

  void damage(Family& f, EdgeDirection direction) {
    static const int inputs[] = {1, 2, 3};
    static const std::string relations[] = {"<", "<=", "==", "!=", ">=", ">"};
    switch (below(6)) {
      case 0:
        if (f.when.empty()) return damage(f.there[below(f.there.size())], f);
        f.when.pop_back();
        return;
      case 1:
        f.input = static_cast<int>(below(
            static_cast<std::size_t>(inputs[direction == EdgeDirection::out ? f.other : f.own])));
        return;
      case 2:
        if (f.ranges.empty()) return damage(f.there[below(f.there.size())], f);
        return damage(below(2) == 0 ? f.ranges[0].from : f.ranges[0].to, f);
      case 3:
        if (f.there.size() < 2) return damage(f.there[0], f);
        std::swap(f.there[below(2)], f.there.back());
        return;
      case 4:
        f.when.push_back({var(f.indices.back()), relations[below(6)], var("k", 1)});
        return;
      default:
        return damage(f.there[below(f.there.size())], f);
    }
  }

  std::mt19937_64 random_;
};

/// Edges with the reader's input.
using Inputs = std::set<std::tuple<Node, Node, int>>;

/// The program at one size, unrolled.
struct Truth {
  std::int64_t n;
  brute_force::Graph graph;
  std::set<Node> nodes;
  Inputs edges;

  explicit Truth(std::int64_t size)
      : n(size), graph(brute_force::Interpreter::run(test::cholesky(), {size, size})) {
    nodes.insert(graph.order.begin(), graph.order.end());
    for (const auto& [key, seen] : graph.inputs)
      for (const brute_force::Seen& s : seen)
        if (!s.value.is_initial()) edges.insert({s.value.node(), key.first, key.second});
  }

  bool has(const Node& node) const { return nodes.contains(node); }

  /// Whether the reader's input is a tile that the writer wrote before.
  bool same_tile(const Node& writer, const Node& reader, int input) const {
    return std::find(graph.order.begin(), graph.order.end(), writer) <
               std::find(graph.order.begin(), graph.order.end(), reader) &&
           graph.outputs.at({writer, 0}) == graph.inputs.at({reader, input}).front().tile;
  }

  std::string source(const Node& reader, int input) const {
    const Value& v = graph.inputs.at({reader, input}).front().value;
    if (!v.is_initial())
      return ir::node_name(test::cholesky(), v.line, std::span<const std::int64_t>(v.indices));
    return "the initial contents of A(" + std::to_string(v.indices[0]) + ", " +
           std::to_string(v.indices[1]) + ")";
  }
};

/// The edges of a finding at one size, as its text has them: pairs of nodes that exist, or, if the
/// finding is of nodes outside, pairs of which one does.
Edges edges_of(const isl::Context& ctx, const LintFinding& f, const Truth& truth) {
  isl_map* m = isl_map_read_from_str(ctx.get(), ("[n, m] -> { " + f.edges + " }").c_str());
  REQUIRE(m != nullptr);
  for (unsigned p = 0; p < 2; ++p)
    m = isl_map_fix_si(m, isl_dim_param, p, static_cast<int>(truth.n));
  const auto depth = static_cast<unsigned>(isl_map_dim(m, isl_dim_in));
  isl_set* s = isl_set_flatten(isl_map_wrap(m));
  const auto dims = static_cast<unsigned>(isl_set_dim(s, isl_dim_set));
  const bool outside = f.kind == Kind::outside;
  for (unsigned d = 0; d < dims; ++d) {
    const bool far = outside && (d < depth) == (f.direction == EdgeDirection::in);
    const int margin = far ? 30 : 0;
    s = isl_set_lower_bound_si(s, isl_dim_set, d, -margin);
    s = isl_set_upper_bound_si(s, isl_dim_set, d, static_cast<int>(truth.n) - 1 + margin);
  }
  struct Walk {
    const LintFinding& finding;
    const Truth& truth;
    unsigned depth, dims;
    Edges edges;
  } walk{f, truth, depth, dims, {}};
  isl_set_foreach_point(
      s,
      [](isl_point* point, void* user) {
        Walk& w = *static_cast<Walk*>(user);
        std::vector<std::int64_t> from, to;
        for (unsigned d = 0; d < w.dims; ++d)
          (d < w.depth ? from : to)
              .push_back(isl::take_integer(
                  isl_point_get_ctx(point),
                  isl_point_get_coordinate_val(point, isl_dim_set, static_cast<int>(d))));
        isl_point_free(point);
        const Node writer{w.finding.from, Indices(from)}, reader{w.finding.to, Indices(to)};
        const bool outside = w.finding.kind == Kind::outside;
        const bool out = w.finding.direction == EdgeDirection::out;
        if ((w.truth.has(writer) || (outside && !out)) && (w.truth.has(reader) || (outside && out)))
          w.edges.insert({writer, reader});
        return isl_stat_ok;
      },
      &walk);
  isl_set_free(s);
  return walk.edges;
}

struct Key {
  EdgeDirection direction;
  std::optional<std::size_t> family;
  Kind kind;
  int from, to, input;
  friend auto operator<=>(const Key&, const Key&) = default;
};

/// What lint should find at one size.
std::map<Key, Edges> expected(const Hand& hand, const Truth& truth) {
  std::map<Key, Edges> all;
  for (const EdgeDirection direction : {EdgeDirection::out, EdgeDirection::in}) {
    const bool out = direction == EdgeDirection::out;
    Inputs missing = truth.edges, others;
    const EdgeDirection back = out ? EdgeDirection::in : EdgeDirection::out;
    for (const Family& f : hand.list(back))
      for (const auto& [a, b] : f.unrolled(back, truth.graph, truth.n))
        others.insert({a, b, f.input});
    for (std::size_t k = 0; k < hand.list(direction).size(); ++k) {
      const Family& f = hand.list(direction)[k];
      for (const auto& [a, b] : f.unrolled(direction, truth.graph, truth.n)) {
        const auto add = [&, &a = a, &b = b](Kind kind) {
          all[{direction, k, kind, a.line, b.line, f.input}].insert({a, b});
        };
        const bool exists = truth.has(a) && truth.has(b);
        missing.erase({a, b, f.input});
        if (!exists)
          add(Kind::outside);
        else if (!truth.edges.contains({a, b, f.input}))
          add(truth.same_tile(a, b, f.input) ? Kind::stale : Kind::superfluous);
        if (exists && !others.contains({a, b, f.input})) add(Kind::disagreement);
      }
    }
    for (const auto& [a, b, input] : missing)
      all[{direction, {}, Kind::missing, a.line, b.line, input}].insert({a, b});
  }
  return all;
}

/// The example is the smallest edge at the smallest size.
void check_example(const LintFinding& f, const Edges& edges, const Truth& truth) {
  REQUIRE(f.example.sizes.size() == 2);
  if (truth.n < f.example.sizes[0]) CHECK(edges.empty());
  if (truth.n != f.example.sizes[0]) return;
  REQUIRE(!edges.empty());
  CHECK(edges.begin()->first.indices == Indices(f.example.from));
  CHECK(edges.begin()->second.indices == Indices(f.example.to));
  const bool has_source = f.kind == Kind::stale || f.kind == Kind::superfluous ||
                          (f.kind == Kind::outside && f.direction == EdgeDirection::in);
  if (has_source) CHECK(f.source == truth.source(edges.begin()->second, *f.input));
  if (!has_source) CHECK(f.source.empty());
}

/// The correct one, two with stale reads (which chance rarely makes), and random ones.
std::vector<Hand> hands(std::uint64_t random) {
  std::vector<Hand> all(3, cholesky());
  all[1].in[3].there[0].constant = -2;
  all[2].out[5].there[0].constant = 2;
  for (std::uint64_t seed = 0; seed < random; ++seed) {
    all.push_back(cholesky());
    Damage(seed).damage(all.back());
  }
  return all;
}

}  // namespace

TEST_CASE("a damaged Cholesky is found out, edge by edge") {
  const isl::Context ctx(0);
  std::vector<Truth> truths;
  for (std::int64_t n = 1; n <= 6; ++n) truths.emplace_back(n);
  int clean = 0;
  std::set<Kind> kinds;
  for (const Hand& hand : hands(120)) {
    const LintReport report = lint(test::cholesky(), hand.written());
    INFO(report.text());
    clean += report.clean() ? 1 : 0;
    for (const Truth& truth : truths) {
      INFO("n = " << truth.n);
      std::map<Key, Edges> found;
      for (const LintFinding& f : report.findings) {
        kinds.insert(f.kind);
        REQUIRE(f.value == 0);
        const Edges edges = edges_of(ctx, f, truth);
        check_example(f, edges, truth);
        if (edges.empty()) continue;
        found[{f.direction, f.family, f.kind, f.from, f.to, *f.input}].insert(edges.begin(),
                                                                              edges.end());
      }
      REQUIRE(found == expected(hand, truth));
    }
  }
  CHECK(clean >= 1);
  CHECK(clean < 40);
  CHECK(kinds.size() == 5);
}

}  // namespace lint_random_test
