// The bodies of what writes counts as text.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "lambdapack/form/closed_forms.hpp"
#include "lambdapack/form/count_text.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::form {

namespace detail {

/// `n^2*m`, empty for a constant.
inline std::string product_text(const Monomial& term, const std::vector<std::string>& parameters) {
  std::string all;
  for (std::size_t p = 0; p < term.exponents.size(); ++p) {
    if (term.exponents[p] == 0) continue;
    all += text({all.empty() ? "" : "*", parameters[p]});
    if (term.exponents[p] > 1) all += text({"^", static_cast<int>(term.exponents[p])});
  }
  return all;
}

}  // namespace detail

LAMBDAPACK_API std::string to_string(const CountPiece& piece,
                                     const std::vector<std::string>& parameters) {
  std::vector<Monomial> terms = piece.terms;
  std::sort(terms.begin(), terms.end(), [](const Monomial& a, const Monomial& b) {
    const auto degree = [](const Monomial& m) {
      return std::accumulate(m.exponents.begin(), m.exponents.end(), 0);
    };
    const int da = degree(a), db = degree(b);
    return da != db ? da > db : a.exponents > b.exponents;
  });
  std::string sum;
  for (const Monomial& term : terms) {
    const bool negative = term.coefficient < 0;
    sum += sum.empty() ? (negative ? "-" : "") : (negative ? " - " : " + ");
    std::string factor = std::to_string(term.coefficient);
    if (negative) factor.erase(0, 1);
    const std::string product = detail::product_text(term, parameters);
    if (product.empty())
      sum += factor;
    else
      sum += factor == "1" ? product : text({factor, "*", product});
  }
  if (terms.empty()) return "0";
  if (piece.denominator == 1) return sum;
  return terms.size() == 1 ? text({sum, "/", piece.denominator})
                           : text({"(", sum, ")/", piece.denominator});
}

LAMBDAPACK_API std::string to_string(const CountForm& count,
                                     const std::vector<std::string>& parameters) {
  if (!count.known) return "";
  std::string all;
  for (const CountPiece& piece : count.pieces) {
    all += text({all.empty() ? "" : ", plus ", to_string(piece, parameters)});
    if (!piece.condition.empty()) all += text({" if ", piece.condition});
  }
  return all.empty() ? "0" : all;
}

}  // namespace lambdapack::form
