// A name for what a program does.
#pragma once

#include <string>

#include "lambdapack/ir/detail/json_write.hpp"
#include "lambdapack/ir/detail/sha256.hpp"
#include "lambdapack/ir/program.hpp"

namespace lambdapack::ir {

/// The program without what is for people and checks only: shapes, locations, and all names but
/// those of kernels and elements, by which a worker knows what to call.
inline Program without_names(Program program) {
  program.name.clear();
  for (Parameter& p : program.parameters) p.name.clear();
  for (Array& a : program.arrays) a.name.clear();
  for (Kernel& k : program.kernels) k.shapes.clear();
  for (Scope& s : program.scopes) {
    s.location = {};
    if (Loop* loop = std::get_if<Loop>(&s.what)) loop->index.clear();
  }
  for (Statement& s : program.statements) {
    s.location = {};
    for (Access& a : s.reads) a.location = {};
    for (Access& a : s.writes) a.location = {};
  }
  return program;
}

/// SHA-256, in hexadecimal, of the JSON text of the program without names: equal for two programs
/// that do the same by the same statements, whatever their arrays, sizes, loops and files are
/// called. Throws program_error if the name of a kernel is not UTF-8.
inline std::string content_hash(const Program& program) {
  return detail::Sha256::of(detail::json_of(without_names(program)));
}

}  // namespace lambdapack::ir
