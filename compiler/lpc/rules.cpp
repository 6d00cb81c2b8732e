#include "lpc/rules.hpp"

#include "lambdapack/codes.hpp"
#include "source/codes.hpp"

namespace lambdapack::lpc {

std::span<const CodeTitle> rules() {
  namespace library = lambdapack::codes;
  static constexpr CodeTitle all[] = {
      {library::read_before_write, "a tile is read before it is written"},
      {library::never_written, "nothing ever writes an array"},
      {library::not_fully_written, "an output is not written in full"},
      {library::index_out_of_extent, "an index leaves its array"},
      {library::outputs_collide, "two outputs of a statement are one tile"},
      {library::not_affine, "an index that is not affine"},
      {library::unbounded, "a loop that has no bounds of its own"},
      {library::ill_formed, "a program's parts do not fit each other"},
      {library::shape_mismatch, "tiles of shapes that do not fit"},
      {library::sizes_do_not_fit, "the program cannot run at these sizes"},
      {library::too_large, "too large for the analysis"},
      {codes::while_loop, "a loop that is no lp::range"},
      {codes::endless_loop, "an ordinary loop without end"},
      {codes::side_effect, "a side effect"},
      {codes::unknown_function, "a call of an unknown function"},
      {codes::mutable_local, "a variable that changes"},
      {codes::recursion, "a program that calls itself"},
      {codes::else_of_guard, "an else of a guard"},
      {codes::discarded, "a result that is not assigned"},
      {codes::jump_out, "a jump out of a loop or a guard"},
      {codes::jump, "a goto"},
      {codes::unknown_value, "a value that is not known"},
      {codes::address, "a tile that is kept"},
      {codes::loose_guard, "a guard around nothing"},
      {codes::misplaced_stop, "an lp::stop_if in the wrong place"},
      {codes::construct, "a construct that a program may not contain"},
      {codes::negative, "a negative number where C++ and the graph differ"},
      {library::never_read, "a value that is never read"},
      {library::never_runs, "a statement that never runs"},
      {library::shapes_may_differ, "tiles that may not fit"},
      {codes::not_instantiated, "a template that nothing instantiates"},
      {codes::constant_missing, "a constant that is not given"},
      {codes::not_read, "a program that lpc does not read"},
      {library::chain, "a chain that leaves no parallelism"},
      {library::incomplete, "not all warnings were looked for"},
  };
  return all;
}

}  // namespace lambdapack::lpc
