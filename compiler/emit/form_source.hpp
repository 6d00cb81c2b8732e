// A closed form as the text of a C++ function.
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "emit/form_tree.hpp"

namespace lambdapack::lpc {

/// Letters, digits and single underscores that read like a name, and begin with a letter:
/// `A.extent(0)` becomes `A_extent_0`.
std::string plain(const std::string& name);

/// The same as an identifier of its own: no keyword, none of `taken`, to which it is added, and
/// none that generated functions use themselves.
std::string identifier(const std::string& name, std::set<std::string>& taken);

/// What a function does with the tuples of its form.
enum class Answer {
  each,   ///< calls f(tag, values...) for each
  count,  ///< returns their number
  yes,    ///< returns whether there is one
};

/// The words of a function.
struct Wording {
  std::string name;
  std::vector<std::string> parameters;   ///< identifiers, in the order of the program
  std::vector<std::string> coordinates;  ///< of the point that is asked about
  /// A tag as an expression.
  std::function<std::string(int tag)> tag;
  /// What value `position` of a tuple is called; may be empty.
  std::function<std::string(int tag, std::size_t position)> value;
};

/// The function, from `template` or `inline` to its last brace. Without a tree there are no tuples.
std::string form_source(const FormTree* tree, const Wording& wording, Answer answer);

/// The same as a call of another function of the same coordinates.
std::string form_call(const std::string& other, const Wording& wording, Answer answer);

}  // namespace lambdapack::lpc
