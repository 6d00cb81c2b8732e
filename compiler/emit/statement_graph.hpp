// The graph of statements: what its nodes and edges are called in pictures.
#pragma once

#include <string>
#include <vector>

#include "emit/emit.hpp"

namespace lambdapack::lpc {

/// A statement as a node of a picture.
struct StatementNode {
  int line = 0;
  std::string kernel;
  std::string task;    ///< `syrk[k,i,j]`
  std::string text;    ///< `A(i, j) = syrk(...)`
  std::string source;  ///< `cholesky.cpp:13`; empty where it is not known
  std::string count;   ///< a formula, or that there is none
};

/// A family of edges as an edge of a picture.
struct StatementEdge {
  int from = 0;
  int to = 0;
  std::vector<std::string> relations;  ///< one a line; none for a program with powers or logarithms
  std::string count;
};

struct StatementGraph {
  std::vector<StatementNode> nodes;
  std::vector<StatementEdge> edges;
};

StatementGraph statement_graph(const Unit& unit);

/// The graph of tasks. Throws input_error if there are more than a picture shows.
TaskGraph drawable_graph(const Unit& unit, const Sizes& sizes);

/// The graph of statements in the language of Graphviz, and as a picture.
std::string statements_dot(const Unit& unit);
std::string statements_svg(const Unit& unit);

}  // namespace lambdapack::lpc
