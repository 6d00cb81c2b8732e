// From files to programs: Clang parses each with its flags.
#include <filesystem>
#include <memory>
#include <set>
#include <utility>

#include "clang/Driver/Options.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "clang/Tooling/JSONCompilationDatabase.h"
#include "clang/Tooling/Tooling.h"
#include "lambdapack/error.hpp"
#include "lambdapack/text.hpp"
#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "source/clang/collector.hpp"
#include "source/clang/file_reader.hpp"

namespace lambdapack::lpc {

namespace {

/// What all actions of one reading share.
struct Context {
  const Reading& reading;
  const Analysis& analysis;
  Found& found;
  std::string fault;
  FileNames names;

  std::string named(const std::string& file) const {
    const auto known = names.find(file);
    return known == names.end() ? file : known->second;
  }
};

class ReadAction : public clang::ASTFrontendAction {
 public:
  explicit ReadAction(Context& context) : context_(context) {}

  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance& compiler,
                                                        llvm::StringRef file) override {
    // Carets are the Collector's; without them Clang does not count on standard error.
    compiler.getDiagnosticOpts().ShowCarets = context_.reading.print ? 1 : 0;
    return std::make_unique<FileReader>(compiler, context_.reading, context_.analysis,
                                        context_.found, context_.fault, context_.named(file.str()));
  }

 private:
  Context& context_;
};

class Factory : public clang::tooling::FrontendActionFactory {
 public:
  explicit Factory(Context& context) : context_(context) {}

  std::unique_ptr<clang::FrontendAction> create() override {
    return std::make_unique<ReadAction>(context_);
  }

 private:
  Context& context_;
};

std::unique_ptr<clang::tooling::CompilationDatabase> database_of(const Reading& reading) {
  if (reading.build_dir.empty())
    return std::make_unique<clang::tooling::FixedCompilationDatabase>(".", reading.flags);
  std::string why;
  auto database = clang::tooling::CompilationDatabase::loadFromDirectory(reading.build_dir, why);
  if (!database)
    throw input_error(
        std::filesystem::exists(reading.build_dir + "/compile_commands.json")
            ? text({"lpc: compile_commands.json in ", reading.build_dir,
                    " is no compilation database; have CMake write it again"})
            : text({"lpc: there is no compile_commands.json in ", reading.build_dir,
                    "; have CMake write one with -DCMAKE_EXPORT_COMPILE_COMMANDS=ON"}));
  for (const std::string& file : reading.files)
    if (database->getCompileCommands(clang::tooling::getAbsolutePath(file)).empty())
      throw input_error(
          text({"lpc: compile_commands.json in ", reading.build_dir, " does not say how ", file,
                " is compiled; give Clang's flags behind --"}));
  return database;
}

/// What of a command line Clang's driver does not know, such as options of g++ only, goes to
/// `unknown`.
clang::tooling::CommandLineArguments known_to_clang(
    const clang::tooling::CommandLineArguments& arguments, std::set<std::string>& unknown) {
  std::vector<const char*> words;
  for (const std::string& argument : arguments) words.push_back(argument.c_str());
  unsigned index = 0, count = 0;
  const llvm::opt::InputArgList parsed = clang::driver::getDriverOptTable().ParseArgs(
      llvm::ArrayRef(words).drop_front(), index, count);
  std::set<std::string> names;
  for (const llvm::opt::Arg* argument : parsed.filtered(clang::driver::options::OPT_UNKNOWN))
    names.insert(argument->getAsString(parsed));
  clang::tooling::CommandLineArguments known;
  for (const std::string& argument : arguments)
    if (!names.contains(argument)) known.push_back(argument);
  unknown.merge(names);
  return known;
}

void adjust(clang::tooling::ClangTool& tool, Context& context) {
  using clang::tooling::ArgumentInsertPosition;
  using clang::tooling::getInsertArgumentAdjuster;
  std::vector<std::string> first = context.reading.first_flags;
  first.push_back(std::string("-resource-dir=") + LPC_RESOURCE_DIR);
  tool.appendArgumentsAdjuster(getInsertArgumentAdjuster(first, ArgumentInsertPosition::BEGIN));
  tool.appendArgumentsAdjuster(
      getInsertArgumentAdjuster(context.reading.last_flags, ArgumentInsertPosition::END));
  if (!context.reading.build_dir.empty()) {
    tool.appendArgumentsAdjuster(
        [&context](const clang::tooling::CommandLineArguments& arguments, llvm::StringRef) {
          return known_to_clang(arguments, context.found.unknown_flags);
        });
    return;
  }
  // Files are called what the user calls them.
  tool.appendArgumentsAdjuster(
      [&context](const clang::tooling::CommandLineArguments& arguments, llvm::StringRef) {
        clang::tooling::CommandLineArguments named;
        for (const std::string& argument : arguments) named.push_back(context.named(argument));
        return named;
      });
}

}  // namespace

Found read(const Reading& reading, const Analysis& analysis) {
  Found found;
  Context context{reading, analysis, found, {}, {}};
  for (const std::string& file : reading.files)
    context.names[clang::tooling::getAbsolutePath(file)] = file;
  const auto database = database_of(reading);
  Collector collector(reading.print, found);

  // A crash of Clang's is told as an error. The stack is large, for text that nests deep.
  constexpr unsigned stack_size = 64U << 20;
  llvm::CrashRecoveryContext::Enable();
  llvm::CrashRecoveryContext guard;
  const bool survived = guard.RunSafelyOnThread(
      [&] {
        Factory factory(context);
        // A tool with several files writes about its progress to standard error.
        for (const std::string& file : reading.files) {
          clang::tooling::ClangTool tool(*database, file);
          tool.setPrintErrorMessage(false);
          tool.setDiagnosticConsumer(&collector);
          adjust(tool, context);
          tool.run(&factory);
        }
      },
      stack_size);
  if (!context.fault.empty()) throw input_error(context.fault);
  if (!survived) throw internal_error("Clang crashed while it read " + reading.files.front());
  return found;
}

}  // namespace lambdapack::lpc
