// The edges of the Cholesky factorisation of programs_ir.hpp, written by hand.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lambdapack/ir/hand_graph.hpp"

namespace lambdapack::test {

inline ir::EdgeEnd node(std::string statement, std::vector<std::string> indices) {
  return {std::move(statement), std::move(indices)};
}

inline ir::EdgeFamily edges(ir::EdgeEnd from, std::string when, std::vector<ir::EdgeRange> ranges,
                            ir::EdgeEnd to, int input) {
  return {std::move(from), std::move(when), std::move(ranges), std::move(to), 0, input};
}

/// All of its edges, in both directions, as docs/lint.md shows them.
inline ir::HandGraph hand_cholesky() {
  const auto potrf = [](std::string k) { return node("potrf", {std::move(k)}); };
  const auto trsm = [](std::string k, std::string i) {
    return node("trsm", {std::move(k), std::move(i)});
  };
  const auto syrk = [](std::string k, std::string i, std::string j) {
    return node("syrk", {std::move(k), std::move(i), std::move(j)});
  };
  ir::HandGraph graph;
  graph.sizes = {{"n", "A.extent(0)"}, {"m", "A.extent(1)"}};
  graph.statements = {{"potrf", 0}, {"trsm", 1}, {"syrk", 2}};
  graph.out = {edges(potrf("k"), "", {{"i", "k + 1", "n - 1"}}, trsm("k", "i"), 0),
               edges(trsm("k", "i"), "", {{"j", "k + 1", "i"}}, syrk("k", "i", "j"), 1),
               edges(trsm("k", "j"), "", {{"i", "j", "n - 1"}}, syrk("k", "i", "j"), 2),
               edges(syrk("k", "i", "j"), "i == k + 1 && j == k + 1", {}, potrf("k + 1"), 0),
               edges(syrk("k", "i", "j"), "i > k + 1 && j == k + 1", {}, trsm("k + 1", "i"), 1),
               edges(syrk("k", "i", "j"), "j > k + 1", {}, syrk("k + 1", "i", "j"), 0)};
  graph.in = {edges(syrk("k - 1", "k", "k"), "k > 0", {}, potrf("k"), 0),
              edges(potrf("k"), "", {}, trsm("k", "i"), 0),
              edges(syrk("k - 1", "i", "k"), "k > 0", {}, trsm("k", "i"), 1),
              edges(syrk("k - 1", "i", "j"), "k > 0", {}, syrk("k", "i", "j"), 0),
              edges(trsm("k", "i"), "", {}, syrk("k", "i", "j"), 1),
              edges(trsm("k", "j"), "", {}, syrk("k", "i", "j"), 2)};
  return graph;
}

}  // namespace lambdapack::test
