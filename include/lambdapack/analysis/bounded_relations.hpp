// Exact relations of a program with powers and logarithms, for sizes up to a bound: of the values
// of each function there are few then, and for each of them all is affine. They are made from the
// program alone, so that forms can be compared with them (tree_claims.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lambdapack/analysis/bounded_text.hpp"
#include "lambdapack/analysis/relations.hpp"

namespace lambdapack::analysis {

/// What one program does at small sizes. Tuples carry no names.
struct BoundedRelations {
  /// Of these: context, domains, reads, writes (from nodes, not from slots) and boxes.
  Relations relations;
  /// Per statement and scalar: node -> value; null where it is a constant.
  std::vector<std::vector<isl::Map>> scalars;
};

namespace detail {

/// The relations of one statement.
class BoundedStatement {
 public:
  BoundedStatement(const isl::Context& ctx, const ir::Program& program, std::size_t line,
                   const isl::Set& context)
      : ctx_(ctx), words_(program, line) {
    full_ = set("true and " + words_.domain());
    full_ = isl::Set(ctx.get(), isl_set_intersect_params(full_.copy(), context.copy()));
    for (const int f : words_.functions()) restrict(words_.cases(f));
    for (const std::vector<std::string>& cases : words_.strides()) restrict(cases);
  }

  /// Where it runs.
  isl::Set domain() const {
    return {ctx_.get(),
            isl_set_coalesce(isl_set_project_out(full_.copy(), isl_dim_set, depth(), functions()))};
  }

  /// node -> tile.
  isl::Map access(const ir::Access& access) const {
    isl::Map all = from_node(words_.tiles(access));
    for (const std::vector<std::string>& cases : words_.strides(access)) {
      isl::Map some(ctx_.get(), isl_map_empty(isl_map_get_space(all.get())));
      for (const std::string& c : cases) {
        const isl::Map m(
            ctx_.get(),
            isl_map_intersect(
                all.copy(), isl::read_map(ctx_, text({words_.parameters(), "{ ", words_.node(),
                                                      " -> ", words_.tile(access), " : ", c, " }"}))
                                .copy()));
        if (!isl::is_empty(m)) some = isl::Map(ctx_.get(), isl_map_union(some.copy(), m.copy()));
      }
      all = some;
    }
    return nodes_only(all);
  }

  /// node -> value.
  isl::Map value(const ir::Expr& e) const {
    return nodes_only(from_node("[" + words_.expr(e) + "]"));
  }

 private:
  unsigned depth() const { return static_cast<unsigned>(words_.depth()); }
  unsigned functions() const { return static_cast<unsigned>(words_.functions().size()); }

  isl::Set set(const std::string& where) const {
    return isl::read_set(ctx_,
                         text({words_.parameters(), "{ ", words_.node(), " : ", where, " }"}));
  }

  isl::Map from_node(const std::string& to) const {
    const isl::Map m =
        isl::read_map(ctx_, text({words_.parameters(), "{ ", words_.node(), " -> ", to, " }"}));
    return {ctx_.get(), isl_map_intersect_domain(m.copy(), full_.copy())};
  }

  isl::Map nodes_only(const isl::Map& m) const {
    return {ctx_.get(),
            isl_map_coalesce(isl_map_project_out(m.copy(), isl_dim_in, depth(), functions()))};
  }

  void restrict(const std::vector<std::string>& cases) {
    isl::Set some(ctx_.get(), isl_set_empty(isl_set_get_space(full_.get())));
    for (const std::string& c : cases) {
      const isl::Set s(ctx_.get(), isl_set_intersect(full_.copy(), set(c).copy()));
      if (!isl::is_empty(s)) some = isl::Set(ctx_.get(), isl_set_union(some.copy(), s.copy()));
    }
    full_ = some;
  }

  const isl::Context& ctx_;
  BoundedText words_;
  isl::Set full_;  // loops and functions
};

}  // namespace detail

/// The relations of `program`, which must have passed ir::validate, where no size exceeds
/// `largest`.
inline BoundedRelations bounded_relations(const isl::Context& ctx, const ir::Program& program,
                                          std::int64_t largest) {
  BoundedRelations all;
  Relations& r = all.relations;
  const std::string parameters = text({"[", numbered("p", program.parameters.size()), "] -> "});
  std::string sizes = "true";
  for (std::size_t p = 0; p < program.parameters.size(); ++p)
    sizes += text({" and 0 <= p", p, " <= ", largest});
  r.context = isl::read_set(ctx, text({parameters, "{ : ", sizes, " }"}));
  for (std::size_t l = 0; l < program.statements.size(); ++l) {
    const ir::Statement& s = program.statements[l];
    const detail::BoundedStatement statement(ctx, program, l, r.context);
    r.domains.push_back(statement.domain());
    r.reads.emplace_back();
    for (const ir::Access& a : s.reads) r.reads[l].push_back(statement.access(a));
    r.writes.emplace_back();
    for (const ir::Access& a : s.writes) r.writes[l].push_back(statement.access(a));
    all.scalars.emplace_back();
    for (const ir::Scalar& x : s.scalars) {
      const auto* e = std::get_if<ir::Expr>(&x);
      all.scalars[l].push_back(e != nullptr ? statement.value(*e) : isl::Map());
    }
  }
  for (const ir::Array& array : program.arrays) {
    r.boxes.emplace_back();
    if (array.role == ir::ArrayRole::temp) continue;
    std::string inside = "true";
    for (std::size_t d = 0; d < array.extents.size(); ++d)
      inside += text({" and 0 <= t", d, " < p", array.extents[d]});
    r.boxes.back() = isl::read_set(
        ctx, text({parameters, "{ [", numbered("t", array.extents.size()), "] : ", inside, " }"}));
  }
  return all;
}

}  // namespace lambdapack::analysis
