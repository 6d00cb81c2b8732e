// From files to programs: Clang parses each, and when it has, its programs are read and analysed.
#include <algorithm>
#include <memory>
#include <utility>

#include "clang/AST/ASTConsumer.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Frontend/TextDiagnosticPrinter.h"
#include "clang/Sema/Sema.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "clang/Tooling/JSONCompilationDatabase.h"
#include "clang/Tooling/Tooling.h"
#include "lambdapack/codes.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/text.hpp"
#include "source/codes.hpp"
#include "source/collector.hpp"
#include "source/places.hpp"
#include "source/programs.hpp"
#include "source/reporter.hpp"
#include "source/source.hpp"

namespace lambdapack::lpc {

namespace {

/// Whether a name that a user wants is this program's, with or without namespaces and template
/// arguments.
bool is_meant(const std::string& wanted, const Candidate& candidate) {
  const std::string& name = candidate.name;
  const std::string bare = name.substr(0, name.find('<'));
  for (const std::string& full : {name, bare})
    if (full == wanted || (full.size() > wanted.size() + 2 && full.ends_with("::" + wanted)))
      return true;
  return candidate.named->getDeclName().getAsString() == wanted;
}

/// Reads the programs of one file that was parsed.
class FileReader : public clang::ASTConsumer {
 public:
  FileReader(clang::CompilerInstance& compiler, const Reading& reading, const Analysis& analysis,
             Found& found)
      : compiler_(compiler), reading_(reading), analysis_(analysis), found_(found) {}

  void HandleTranslationUnit(clang::ASTContext& context) override {
    if (compiler_.getDiagnostics().hasErrorOccurred()) return;
    Places places(context.getSourceManager());
    Reporter reporter(compiler_.getDiagnostics());
    const Candidates candidates = find_programs(context, !reading_.programs.empty());
    for (const clang::FunctionDecl* pattern : candidates.templates) say_unused(*pattern, reporter);
    for (const Candidate& candidate : candidates.programs) {
      found_.names.push_back(candidate.name);
      if (is_wanted(candidate)) read(context, candidate, places, reporter);
    }
  }

 private:
  bool is_wanted(const Candidate& candidate) const {
    return reading_.programs.empty() ||
           std::any_of(reading_.programs.begin(), reading_.programs.end(),
                       [&](const std::string& name) { return is_meant(name, candidate); });
  }

  void say_unused(const clang::FunctionDecl& pattern, Reporter& reporter) const {
    const std::string name = pattern.getDeclName().getAsString();
    reporter.say(
        Reporter::Level::Warning,
        {codes::not_instantiated,
         text({"the program ", name,
               " is a template that this file makes nothing of, so it is not read; instantiate it, "
               "as in template void ",
               name, "<double>(lp::InOut<double, 2>);"}),
         pattern.getNameInfo().getSourceRange()});
  }

  void read(clang::ASTContext& context, const Candidate& candidate, Places& places,
            Reporter& reporter) {
    clang::Sema& sema = compiler_.getSema();
    const auto define = [&](clang::FunctionDecl& function) {
      if (function.isImplicitlyInstantiable() && !function.isDefined())
        sema.InstantiateFunctionDefinition(function.getLocation(), &function, true, true, true);
    };
    const auto result =
        read_program(context, candidate, reading_.constants, places, reporter, define);
    if (!result || result->is_wrong) return;
    const int errors = reporter.errors();
    for (const Diagnostic& finding : analysis_(result->program))
      say(finding, candidate, places, reporter);
    if (result->plain) check_signs(result->plain->obligations, reporter);
    if (reporter.errors() > errors) return;
    SourceProgram program{candidate.name, places.real(result->program), {}, {}, {}};
    const clang::LangOptions& language = compiler_.getLangOpts();
    for (const ir::Statement& statement : result->program.statements)
      program.statements.push_back(places.stretch(places.range(statement.location), language));
    program.place = places.stretch(candidate.named->getLocation(), language);
    if (result->plain && !result->plain->names.address.empty())
      program.names = result->plain->names;
    found_.programs.push_back(std::move(program));
  }

  // What an obligation's probe says runs for some sizes is negative there.
  void check_signs(const std::vector<Obligation>& obligations, Reporter& reporter) const {
    for (const Obligation& o : obligations) {
      const std::vector<Diagnostic> found = analysis_(o.probe);
      const bool never = std::any_of(found.begin(), found.end(), [](const Diagnostic& d) {
        return d.code == lambdapack::codes::never_runs;
      });
      if (!never) reporter.say(Reporter::Level::Error, complaint_of(o));
    }
  }

  void say(const Diagnostic& finding, const Candidate& candidate, const Places& places,
           Reporter& reporter) const {
    const Reporter::Level level = finding.severity == Severity::error     ? Reporter::Level::Error
                                  : finding.severity == Severity::warning ? Reporter::Level::Warning
                                                                          : Reporter::Level::Remark;
    clang::SourceRange range = places.range(finding.place);
    if (range.isInvalid()) range = candidate.named->getLocation();
    Complaint complaint{finding.code, finding.message, range, {}, {}};
    const clang::SourceRange second = places.range(finding.second);
    if (second.isValid() && second != range)
      complaint.notes.push_back({"the other end is here", second});
    reporter.say(level, complaint);
  }

  clang::CompilerInstance& compiler_;
  const Reading& reading_;
  const Analysis& analysis_;
  Found& found_;
};

class ReadAction : public clang::ASTFrontendAction {
 public:
  ReadAction(const Reading& reading, const Analysis& analysis, Found& found)
      : reading_(reading), analysis_(analysis), found_(found) {}

  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance& compiler,
                                                        llvm::StringRef) override {
    return std::make_unique<FileReader>(compiler, reading_, analysis_, found_);
  }

 private:
  const Reading& reading_;
  const Analysis& analysis_;
  Found& found_;
};

class Factory : public clang::tooling::FrontendActionFactory {
 public:
  Factory(const Reading& reading, const Analysis& analysis, Found& found)
      : reading_(reading), analysis_(analysis), found_(found) {}

  std::unique_ptr<clang::FrontendAction> create() override {
    return std::make_unique<ReadAction>(reading_, analysis_, found_);
  }

 private:
  const Reading& reading_;
  const Analysis& analysis_;
  Found& found_;
};

std::unique_ptr<clang::tooling::CompilationDatabase> database_of(const Reading& reading) {
  if (reading.build_dir.empty())
    return std::make_unique<clang::tooling::FixedCompilationDatabase>(".", reading.flags);
  std::string why;
  auto database = clang::tooling::CompilationDatabase::loadFromDirectory(reading.build_dir, why);
  if (!database)
    throw input_error(text({"lpc: there is no compile_commands.json in ", reading.build_dir,
                            "; have CMake write one with -DCMAKE_EXPORT_COMPILE_COMMANDS=ON"}));
  return database;
}

}  // namespace

Found read(const Reading& reading, const Analysis& analysis) {
  Found found;
  const auto database = database_of(reading);
  clang::tooling::ClangTool tool(*database, reading.files);
  tool.setPrintErrorMessage(false);
  std::vector<std::string> extra = reading.extra_flags;
  extra.push_back(std::string("-resource-dir=") + LPC_RESOURCE_DIR);
  tool.appendArgumentsAdjuster(clang::tooling::getInsertArgumentAdjuster(
      extra, clang::tooling::ArgumentInsertPosition::BEGIN));
  Collector collector(reading.print, found.said);
  tool.setDiagnosticConsumer(&collector);
  Factory factory(reading, analysis, found);
  tool.run(&factory);
  found.is_wrong = std::any_of(found.said.begin(), found.said.end(),
                               [](const Said& said) { return said.level == Said::Level::error; });
  return found;
}

}  // namespace lambdapack::lpc
