// Divisions by registers, while a form is run on symbols: for each value of the divisor they are
// affine.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "lambdapack/analysis/listing.hpp"
#include "lambdapack/analysis/symbolic.hpp"

namespace lambdapack::analysis {

/// Splits expressions into cases on a part of a space; what they are elsewhere is left open.
class Levels {
 public:
  Levels(const SymbolSpace& space, const isl::Set& here) : space_(space), here_(here) {}

  /// x modulo the divisor; x itself where that is below 1.
  isl::PwAff remainder(const isl::PwAff& x, const isl::PwAff& divisor) const {
    std::optional<isl::PwAff> all;
    for (const auto& [value, there] : values(divisor, "divides")) {
      isl_val* d = isl_val_int_from_si(space_.ctx(), value);
      isl::PwAff rest = x;
      if (value >= 1)
        rest = isl::PwAff(space_.ctx(), isl_pw_aff_mod_val(x.copy(), d));
      else
        isl_val_free(d);
      add_case(all, there, rest);
    }
    return all ? *all : x;
  }

  /// The values that an expression takes, and where. Throws NotDecompilable if they may be many.
  std::map<std::int64_t, isl::Set> values(const isl::PwAff& value, const char* does) const {
    constexpr std::int64_t few = 256;
    std::map<std::int64_t, isl::Set> all;
    for (auto& [piece, aff] : pieces(value)) {
      const isl::Set there(space_.ctx(), isl_set_intersect(piece.copy(), here_.copy()));
      if (isl::is_empty(there)) continue;
      const isl::PwAff x(space_.ctx(), isl_pw_aff_alloc(there.copy(), aff.copy()));
      const auto from = bound(isl_pw_aff_min_val(x.copy())),
                 to = bound(isl_pw_aff_max_val(x.copy()));
      if (!from || !to || *to - *from >= few)
        throw NotDecompilable{text({"it ", does, " by a register that may hold too many values"})};
      for (std::int64_t v = *from; v <= *to; ++v) {
        const isl::Set s(space_.ctx(), isl_pw_aff_eq_set(x.copy(), space_.constant(v).copy()));
        if (isl::is_empty(s)) continue;
        isl::Set& found = all[v];
        found = found ? isl::Set(space_.ctx(), isl_set_union(found.copy(), s.copy())) : s;
      }
    }
    return all;
  }

 private:
  void add_case(std::optional<isl::PwAff>& all, const isl::Set& here,
                const isl::PwAff& value) const {
    const isl::PwAff piece(space_.ctx(), isl_pw_aff_intersect_domain(value.copy(), here.copy()));
    all = all ? isl::PwAff(space_.ctx(), isl_pw_aff_union_add(all->copy(), piece.copy())) : piece;
  }

  // The integer, or nothing if it is none.
  std::optional<std::int64_t> bound(isl_val* v) const {
    if (v == nullptr) isl::fail(space_.ctx());
    if (isl_val_is_int(v) == isl_bool_true) return isl::take_integer(space_.ctx(), v);
    isl_val_free(v);
    return std::nullopt;
  }

  std::vector<std::pair<isl::Set, isl::Aff>> pieces(const isl::PwAff& value) const {
    using Pieces = std::vector<std::pair<isl::Set, isl::Aff>>;
    Pieces all;
    const auto add = [](isl_set* set, isl_aff* aff, void* to) -> isl_stat {
      isl_ctx* ctx = isl_aff_get_ctx(aff);
      static_cast<Pieces*>(to)->emplace_back(isl::Set(ctx, set), isl::Aff(ctx, aff));
      return isl_stat_ok;
    };
    if (isl_pw_aff_foreach_piece(value.get(), add, &all) < 0) isl::fail(space_.ctx());
    return all;
  }

  const SymbolSpace& space_;
  const isl::Set& here_;
};

}  // namespace lambdapack::analysis
