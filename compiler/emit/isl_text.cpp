// Sets and relations in isl's notation, as assignments that isl's calculator iscc takes.
#include <cstddef>
#include <string>
#include <vector>

#include "emit/emit.hpp"
#include "lambdapack/analysis/relations_text.hpp"
#include "lambdapack/ir/location.hpp"
#include "lambdapack/ir/print.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::lpc {

namespace {

using analysis::RelationNames;
using analysis::RelationsText;

/// The parts of isl's text of one relation: `[n] -> ` and what is in the braces.
struct Parts {
  std::string parameters;
  std::string body;
};

Parts parts(const std::string& relation) {
  const std::size_t open = relation.find('{'), close = relation.rfind('}');
  std::string body = relation.substr(open + 1, close - open - 1);
  const std::size_t first = body.find_first_not_of(' '), last = body.find_last_not_of(' ');
  return {relation.substr(0, open),
          first == std::string::npos ? "" : body.substr(first, last - first + 1)};
}

/// `Domain := [n] -> {` and a relation on each line.
std::string assignment(const char* name, const std::vector<std::string>& relations) {
  if (relations.empty()) return text({name, " := { };\n"});
  std::string all = text({name, " := ", parts(relations.front()).parameters, "{\n"});
  for (std::size_t k = 0; k < relations.size(); ++k) {
    const std::string body = parts(relations[k]).body;
    if (!body.empty()) all += text({"  ", body, k + 1 < relations.size() ? ";\n" : "\n"});
  }
  return all + "};\n";
}

/// A name of a person's, in a comment that must not end early.
std::string one_line(std::string name) {
  for (char& c : name)
    if (c == '\n' || c == '\r') c = ' ';
  return name;
}

std::string head(const Unit& unit, const RelationNames& names, const RelationsText& relations) {
  std::string all = text({"# ", one_line(unit.program.name), ", for iscc\n"});
  for (std::size_t p = 0; p < names.parameters.size(); ++p)
    if (names.parameters[p] != unit.program.parameters[p].name)
      all += text(
          {"# ", names.parameters[p], " is ", one_line(unit.program.parameters[p].name), "\n"});
  for (std::size_t l = 0; l < names.statements.size(); ++l) {
    const ir::Statement& s = unit.program.statements[l];
    const std::string where = ir::where(s.location);
    all += text({"# ", names.statements[l], " is ", one_line(ir::to_string(unit.program, s)),
                 where.empty() ? "" : " at ", one_line(where), "\n"});
  }
  if (!relations.lifted) return all;
  all +=
      "# Powers and logarithms are dimensions, or parameters, of their own: isl knows of their\n"
      "# values only what is said here, so these sets are too large until they are computed:\n";
  for (const std::string& f : relations.functions) all += text({"#   ", one_line(f), "\n"});
  for (const int a : relations.without_flow)
    all += text({"# The flow through ",
                 one_line(unit.program.arrays[static_cast<std::size_t>(a)].name),
                 " is not here: it is searched for at run time.\n"});
  return all;
}

}  // namespace

std::string isl_text(const Unit& unit) {
  const RelationNames names = RelationNames::by_name(unit.program);
  const RelationsText relations = analysis::relations_text(unit.program, unit.forms, names);
  std::vector<std::string> domains, writes, reads, flow, initial, final;
  for (const analysis::StatementRelations& s : relations.statements) {
    domains.push_back(s.domain);
    writes.insert(writes.end(), s.writes.begin(), s.writes.end());
    reads.insert(reads.end(), s.reads.begin(), s.reads.end());
  }
  for (const analysis::FlowRelation& f : relations.flow)
    (f.from < 0 ? initial : f.to < 0 ? final : flow).push_back(f.nodes);
  std::string all = head(unit, names, relations);
  all += text({"Sizes := ", relations.sizes, ";\n"});
  all += assignment("Domain", domains);
  all += assignment("Writes", writes);
  all += assignment("Reads", reads);
  all += assignment("Flow", flow);
  if (relations.lifted) return all;
  all += assignment("Initial", initial);
  all += assignment("Final", final);
  return all + assignment("Schedule", relations.schedule);
}

}  // namespace lambdapack::lpc
