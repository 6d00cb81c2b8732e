#include "source/clang/file_reader.hpp"

#include <algorithm>
#include <exception>
#include <regex>
#include <string>
#include <utility>

#include "clang/AST/DeclTemplate.h"
#include "clang/Sema/Sema.h"
#include "clang/Tooling/Tooling.h"
#include "lambdapack/codes.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/text.hpp"
#include "llvm/ADT/ScopeExit.h"
#include "source/codes.hpp"
#include "source/obligation.hpp"

namespace lambdapack::lpc {

namespace {

/// Whether a name that a user wants is this program's, with or without namespaces and template
/// arguments; of several with one name `f:7` is the one in line 7.
bool is_meant(std::string wanted, const Candidate& candidate) {
  const clang::SourceManager& sources = candidate.function->getASTContext().getSourceManager();
  const unsigned line = sources.getPresumedLineNumber(candidate.named->getLocation());
  if (const std::string behind = text({":", line}); wanted.ends_with(behind))
    wanted.resize(wanted.size() - behind.size());
  const std::string bare = candidate.name.substr(0, candidate.name.find('<'));
  for (const std::string& full : {candidate.name, bare})
    if (full == wanted || full.ends_with("::" + wanted)) return true;
  return false;
}

/// What stands at the other end of a finding.
const char* other_end(const std::string& code) {
  namespace library = lambdapack::codes;
  if (code == library::read_before_write) return "the first to write the tile is here";
  if (code == library::outputs_collide) return "the other output is here";
  if (code == library::never_read) return "it is overwritten here";
  if (code == library::shapes_may_differ) return "the other tile is here";
  if (code == library::chain) return "what it reads is written here";
  return "the other end is here";
}

/// What stands behind the name of a template where it is instantiated for double.
std::string instance_of(const clang::FunctionDecl& pattern) {
  const clang::PrintingPolicy policy(pattern.getASTContext().getPrintingPolicy());
  std::string parameters;
  for (const clang::ParmVarDecl* parameter : pattern.parameters())
    parameters += (parameters.empty() ? "" : ", ") + parameter->getType().getAsString(policy);
  std::string arguments;
  for (const clang::NamedDecl* argument :
       *pattern.getDescribedFunctionTemplate()->getTemplateParameters()) {
    const std::string value = llvm::isa<clang::TemplateTypeParmDecl>(argument) ? "double" : "1";
    arguments += (arguments.empty() ? "" : ", ") + value;
    if (!argument->getName().empty())
      parameters = std::regex_replace(parameters,
                                      std::regex("\\b" + argument->getName().str() + "\\b"), value);
  }
  return text({"<", arguments, ">(", parameters, ");"});
}

Reporter::Level level_of(Severity severity) {
  return severity == Severity::error     ? Reporter::Level::Error
         : severity == Severity::warning ? Reporter::Level::Warning
                                         : Reporter::Level::Remark;
}

/// A complaint about a program that others are made of.
Complaint as_part(const Candidate& candidate, Complaint complaint) {
  complaint.text = text({candidate.name,
                         " is checked as a part of the programs that call it, since it is no "
                         "program by itself: ",
                         complaint.text});
  return complaint;
}

}  // namespace

// No exception may pass through Clang.
void FileReader::HandleTranslationUnit(clang::ASTContext& context) {
  list_files(context.getSourceManager());
  if (compiler_.getDiagnostics().hasErrorOccurred()) return;
  try {
    read(context);
  } catch (const input_error& e) {
    fault_ = e.what();
  } catch (const std::exception& e) {
    Reporter(compiler_.getDiagnostics()).say(Reporter::Level::Error, {"", e.what(), {}});
  }
}

void FileReader::list_files(const clang::SourceManager& sources) {
  for (auto file = sources.fileinfo_begin(); file != sources.fileinfo_end(); ++file)
    found_.read_files.insert(clang::tooling::getAbsolutePath(file->first.getName()));
}

void FileReader::read(clang::ASTContext& context) {
  Places places(context.getSourceManager());
  Reporter reporter(compiler_.getDiagnostics());
  clang::Sema& sema = compiler_.getSema();
  const auto define = [&](clang::FunctionDecl& function) {
    if (function.isImplicitlyInstantiable() && !function.isDefined())
      sema.InstantiateFunctionDefinition(function.getLocation(), &function, true, true, true);
  };

  const Candidates candidates = find_programs(context, !reading_.programs.empty());
  for (const clang::FunctionDecl* pattern : candidates.templates) say_unused(*pattern, reporter);
  std::vector<std::pair<const Candidate*, Read>> all;
  std::vector<std::pair<const Candidate*, Reporter::Held>> said;
  for (const Candidate& candidate : candidates.programs) {
    found_.names.push_back(candidate.name);
    for (const std::string& name : reading_.programs)
      if (is_meant(name, candidate)) found_.meant.insert(name);
    if (!is_wanted(candidate)) continue;
    found_.constants.merge(constants_of(candidate));
    reporter.hold(&said.emplace_back(&candidate, Reporter::Held{}).second);
    const auto leave = llvm::make_scope_exit([&] { reporter.hold(nullptr); });
    if (auto read = read_program(context, candidate, reading_.constants, places, reporter, define))
      all.emplace_back(&candidate, *std::move(read));
  }
  std::set<const clang::FunctionDecl*> parts;
  for (const auto& [candidate, read] : all) parts.insert(read.calls.begin(), read.calls.end());
  for (const clang::CXXMethodDecl* member : candidates.members)
    if (!parts.contains(member->getCanonicalDecl())) say_not_read(*member, reporter);
  if (!reading_.programs.empty()) parts.clear();
  for (const auto& [candidate, complaints] : said) {
    const clang::FunctionDecl* function = candidate->function->getCanonicalDecl();
    const bool is_right_where_called =
        parts.contains(function) && std::any_of(all.begin(), all.end(), [&](const auto& other) {
          return other.first != candidate && !other.second.is_wrong &&
                 other.second.calls.contains(function);
        });
    say(*candidate, complaints, is_right_where_called, reporter);
  }
  found_.checked += all.size();
  for (const auto& [candidate, read] : all)
    if (!read.is_wrong)
      examine(*candidate, read, parts.contains(candidate->function->getCanonicalDecl()), places,
              reporter);
}

bool FileReader::is_wanted(const Candidate& candidate) const {
  return reading_.programs.empty() ||
         std::any_of(reading_.programs.begin(), reading_.programs.end(),
                     [&](const std::string& name) { return is_meant(name, candidate); });
}

// A header's programs are found in each file that includes it.
const SourceProgram* FileReader::known(const SourceProgram& program) const {
  const auto found =
      std::find_if(found_.programs.begin(), found_.programs.end(), [&](const SourceProgram& other) {
        return other.name == program.name && other.place == program.place;
      });
  return found == found_.programs.end() ? nullptr : &*found;
}

void FileReader::say_unused(const clang::FunctionDecl& pattern, Reporter& reporter) const {
  const std::string name = pattern.getDeclName().getAsString();
  if (pattern.getDescribedFunctionTemplate() == nullptr) {
    const std::string of = llvm::cast<clang::CXXRecordDecl>(pattern.getParent())->getNameAsString();
    reporter.say(Reporter::Level::Warning,
                 {codes::not_instantiated,
                  text({"the program ", name,
                        " is of a class template that this file makes nothing of, so it is not "
                        "read; instantiate the class, as in template struct ",
                        of, "<double>;"}),
                  pattern.getNameInfo().getSourceRange()});
    return;
  }
  reporter.say(Reporter::Level::Warning,
               {codes::not_instantiated,
                text({"the program ", name,
                      " is a template that this file makes nothing of, so it is not read; "
                      "instantiate it, as in template void ",
                      name, instance_of(pattern)}),
                pattern.getNameInfo().getSourceRange()});
}

void FileReader::say_not_read(const clang::CXXMethodDecl& member, Reporter& reporter) const {
  const bool is_lambda = member.getParent()->isLambda();
  if (is_lambda && member.getDescribedFunctionTemplate() != nullptr) {
    reporter.say(Reporter::Level::Warning,
                 {codes::not_read,
                  "a program that is a generic lambda is not read; write a template of a function, "
                  "and instantiate it",
                  member.getParent()->getLocation()});
    return;
  }
  if (is_lambda && is_plain(member) && member.getParent()->capture_size() > 0) {
    reporter.say(Reporter::Level::Warning,
                 {codes::not_read,
                  "a lambda that captures has no address, so it is read only as a part of a "
                  "function over lp::Tiles, and none that is read calls it; hand over what it "
                  "captures as parameters",
                  member.getParent()->getLocation()});
    return;
  }
  reporter.say(
      Reporter::Level::Warning,
      {codes::not_read,
       is_lambda ? "a program without a name is not read; give the lambda one, as in const "
                   "auto program = [](lp::InOut<double> A) { ... };"
                 : "a program that is called on an object is not read; make it static, or "
                   "a function of its own",
       is_lambda ? member.getParent()->getLocation() : member.getLocation()});
}

// What a part of other programs cannot do by itself, with any size and no constants, matters only
// where they call it so, and is said there.
void FileReader::say(const Candidate& candidate, const Reporter::Held& complaints, bool is_part,
                     Reporter& reporter) const {
  for (const auto& [level, complaint] : complaints) {
    if (!is_part) {
      reporter.say(level, complaint);
    } else if (level == Reporter::Level::Error) {
      reporter.say(Reporter::Level::Remark, as_part(candidate, complaint));
      return;
    }
  }
}

// A part of other programs need not be right by itself: it may fill half of an output.
void FileReader::examine(const Candidate& candidate, const Read& read, bool is_part,
                         const Places& places, Reporter& reporter) {
  const std::vector<Diagnostic> findings = analysis_(read.program);
  const auto error = std::find_if(findings.begin(), findings.end(), [](const Diagnostic& d) {
    return d.severity == Severity::error;
  });
  if (is_part && error != findings.end()) {
    reporter.say(Reporter::Level::Remark,
                 as_part(candidate, {error->code, error->message, candidate.named->getLocation()}));
    return;
  }
  // Where the graph is not what C++ does, other findings about it mean nothing.
  if (read.plain && !check_signs(candidate, read.plain->obligations, is_part, reporter)) return;
  for (const Diagnostic& finding : findings) say(finding, candidate, places, reporter);
  if (error != findings.end()) return;

  const clang::LangOptions& language = compiler_.getLangOpts();
  SourceProgram program{candidate.name, file_, places.real(read.program), {}, {}};
  for (const ir::Statement& statement : read.program.statements)
    program.statements.push_back(places.stretch(places.range(statement.location), language));
  program.place = places.stretch(candidate.named->getLocation(), language);
  if (read.plain && !read.plain->names.address.empty()) program.names = read.plain->names;
  const SourceProgram* other = known(program);
  if (other == nullptr)
    found_.programs.push_back(std::move(program));
  else if (!(other->program == program.program))
    reporter.say(Reporter::Level::Error,
                 {codes::construct,
                  text({"the program ", candidate.name, " is another one in ", file_, " than in ",
                        other->file,
                        ", by a macro or a flag, and has one name and place; make it a template, "
                        "or hand over what differs as a parameter"}),
                  candidate.named->getLocation()});
}

// What an obligation's probe says runs for some sizes is negative there.
bool FileReader::check_signs(const Candidate& candidate, const std::vector<Obligation>& obligations,
                             bool is_part, Reporter& reporter) const {
  bool are_met = true;
  clang::SourceRange said;
  for (const Obligation& o : obligations) {
    const std::vector<Diagnostic> found = analysis_(o.probe);
    if (std::any_of(found.begin(), found.end(),
                    [](const Diagnostic& d) { return d.code == lambdapack::codes::never_runs; }))
      continue;
    are_met = false;
    if (std::exchange(said, o.range) == o.range) continue;
    if (is_part)
      reporter.say(Reporter::Level::Remark, as_part(candidate, complaint_of(o)));
    else
      reporter.say(Reporter::Level::Error, complaint_of(o));
  }
  return are_met;
}

void FileReader::say(const Diagnostic& finding, const Candidate& candidate, const Places& places,
                     Reporter& reporter) const {
  clang::SourceRange range = places.range(finding.place);
  if (range.isInvalid()) range = candidate.named->getLocation();
  std::string message = finding.message;
  if (is_plain(*candidate.function))
    message = std::regex_replace(message, std::regex("with lp::when"), "with if");
  // What to do about it is said to those who call the analysis; a user of lpc has an option.
  message = std::regex_replace(
      message, std::regex(R"(lambdapack::analysis::analyse can be given a larger budget)"),
      "lpc takes a larger budget with --budget=NUMBER");
  Complaint complaint{finding.code, message, range, {}, {}};
  const clang::SourceRange second = places.range(finding.second);
  if (second.isValid() && second != range)
    complaint.notes.push_back({other_end(finding.code), second});
  reporter.say(level_of(finding.severity), complaint);
}

}  // namespace lambdapack::lpc
