// Sizes in words: examples, conditions on sizes in the program's own names, and what a program asks
// of the sizes of a run.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/ir/program.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

/// Sizes that a program can run with, among those that earlier conditions leave, and the sentence
/// for when it cannot.
struct SizeCondition {
  isl::Set among;
  isl::Set holds;
  std::string otherwise;
};

/// What a program asks of its sizes, and the sizes that meet all of it.
struct ValidSizes {
  std::vector<SizeCondition> conditions;
  isl::Set sizes;
};

namespace detail {

/// The lexicographically smallest sizes, and for them the smallest point, of a set.
struct Example {
  std::vector<std::int64_t> parameters;
  std::vector<std::int64_t> point;
};

inline Example smallest_example(const isl::Set& set) {
  isl_set* s = isl_set_reset_tuple_id(set.copy());
  const auto parameters = static_cast<unsigned>(isl_set_dim(s, isl_dim_param));
  s = isl_set_lexmin(isl_set_move_dims(s, isl_dim_set, 0, isl_dim_param, 0, parameters));
  isl_point* point = isl_set_sample_point(s);
  if (point == nullptr) isl::fail(set.ctx());
  Example example;
  const auto n = parameters + static_cast<unsigned>(isl_set_dim(set.get(), isl_dim_set));
  for (unsigned k = 0; k < n; ++k)
    (k < parameters ? example.parameters : example.point)
        .push_back(isl::take_integer(
            set.ctx(), isl_point_get_coordinate_val(point, isl_dim_set, static_cast<int>(k))));
  isl_point_free(point);
  return example;
}

/// "A.extent(0) = 3, t = 1".
inline std::string sizes(const ir::Program& program, const Example& example) {
  std::string all;
  for (std::size_t p = 0; p < example.parameters.size(); ++p)
    all += text({p > 0 ? ", " : "", program.parameters[p].name, " = ", example.parameters[p]});
  return all.empty() ? "a program without sizes" : all;
}

/// Longest text of a condition that a message shows.
inline constexpr std::size_t longest_condition = 120;

inline isl::Set sizes_of(const isl::Set& points) {
  return {points.ctx(), isl_set_params(points.copy())};
}

/// The constraints of a set of parameters, in the program's own names.
inline std::string condition(const ir::Program& program, const isl::Set& set) {
  isl_set* s = isl_set_coalesce(set.copy());
  for (std::size_t p = 0; p < program.parameters.size(); ++p) {
    const int at = isl_set_find_dim_by_name(s, isl_dim_param, text({"p", p}).c_str());
    if (at >= 0)
      s = isl_set_set_dim_name(s, isl_dim_param, static_cast<unsigned>(at),
                               program.parameters[p].name.c_str());
  }
  for (std::size_t f = 0; f < program.functions.size(); ++f) {
    const int at = isl_set_find_dim_by_name(s, isl_dim_param, text({"q", f}).c_str());
    if (at >= 0)
      s = isl_set_set_dim_name(s, isl_dim_param, static_cast<unsigned>(at),
                               ir::to_string(program, program.functions[f]).c_str());
  }
  const std::string all = isl::take_string(isl_set_to_str(s));
  isl_set_free(s);
  const std::size_t begin = all.find(" : ", all.find('{'));
  const std::size_t end = all.rfind(" }");
  return begin == std::string::npos || end < begin + 3 ? all
                                                       : all.substr(begin + 3, end - begin - 3);
}

/// The convex pieces of a set, which may overlap.
inline std::vector<isl::Set> pieces(const isl::Set& set) {
  struct List {
    isl_basic_set_list* list;
    ~List() { isl_basic_set_list_free(list); }
  } const all{isl_set_get_basic_set_list(set.get())};
  if (all.list == nullptr) isl::fail(set.ctx());
  std::vector<isl::Set> result;
  for (int k = 0; k < isl_basic_set_list_n_basic_set(all.list); ++k)
    result.emplace_back(set.ctx(),
                        isl_set_from_basic_set(isl_basic_set_list_get_basic_set(all.list, k)));
  return result;
}

/// What makes `sizes` out of `among`.
inline isl::Set simplified(const isl::Set& sizes, const isl::Set& among) {
  return {sizes.ctx(),
          isl_set_coalesce(isl_set_gist_params(isl_set_coalesce(sizes.copy()), among.copy()))};
}

/// The sizes `set`, out of `among`, in words: all of them, or the simplest convex piece and that
/// there are more. Empty if that is longer than `longest_condition`.
inline std::string short_condition(const ir::Program& program, const isl::Set& set,
                                   const isl::Set& among) {
  if (isl_set_is_subset(among.get(), set.get()) == isl_bool_true) return "at all sizes";
  const std::vector<isl::Set> all = pieces(simplified(set, among));
  std::string simplest;
  for (const isl::Set& piece : all) {
    const std::string words = condition(program, piece);
    if (simplest.empty() || words.size() < simplest.size()) simplest = words;
  }
  if (simplest.size() > longest_condition) return "";
  return all.size() > 1 ? text({simplest, ", and at other sizes"}) : simplest;
}

/// " when n >= 1", " at all sizes" or nothing, to follow what happens at these sizes.
inline std::string when(const std::string& condition) {
  if (condition.empty()) return "";
  return text({condition.starts_with("at ") ? " " : " when ", condition});
}

/// The words before a condition that must hold, and before one that must not.
struct AskingWords {
  std::string needs;
  std::string unless;
};

/// Takes the sizes `bad` out of `asked`, as one condition whose text says what must hold, as one
/// for each convex piece of what must not, or, where both are long to say, as one with no text.
/// Nothing happens if `bad` is out already.
inline void ask_for(const ir::Program& program, isl::Set& asked, const isl::Set& bad,
                    std::vector<SizeCondition>& conditions, const AskingWords& words) {
  constexpr std::size_t most_pieces = 4;
  const isl::Set good(bad.ctx(), isl_set_subtract(asked.copy(), bad.copy()));
  if (isl_set_is_equal(good.get(), asked.get()) == isl_bool_true) return;
  const isl::Set holds = simplified(good, asked);
  const std::string needs = condition(program, holds);
  if (needs.size() <= longest_condition) {
    conditions.push_back({asked, holds, text({words.needs, needs})});
    asked = good;
    return;
  }
  std::vector<isl::Set> refused = pieces(simplified(bad, asked));
  std::vector<std::string> texts;
  for (const isl::Set& piece : refused) texts.push_back(condition(program, piece));
  bool is_short = refused.size() <= most_pieces;
  for (const std::string& piece : texts) is_short = is_short && piece.size() <= longest_condition;
  for (std::size_t k = 0; is_short && k < refused.size(); ++k) {
    const isl::Set rest(bad.ctx(), isl_set_subtract(asked.copy(), refused[k].copy()));
    conditions.push_back(
        {asked, simplified(rest, asked), text({words.unless, " when ", texts[k]})});
    asked = rest;
  }
  if (!is_short) conditions.push_back({asked, holds, ""});
  asked = good;
}

inline std::string tile_name(const ir::Program& program, int array,
                             const std::vector<std::int64_t>& tile) {
  std::string indices;
  for (std::size_t d = 0; d < tile.size(); ++d) indices += text({d > 0 ? ", " : "", tile[d]});
  return text({program.arrays[static_cast<std::size_t>(array)].name, "(", indices, ")"});
}

inline const ir::Location& place(const ir::Statement& s, const ir::Access& a) {
  return a.location.line > 0 ? a.location : s.location;
}

}  // namespace detail

}  // namespace lambdapack::analysis
