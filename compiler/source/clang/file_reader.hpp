// What is done with a file once Clang has parsed it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "clang/AST/ASTConsumer.h"
#include "clang/Frontend/CompilerInstance.h"
#include "source/places.hpp"
#include "source/programs.hpp"
#include "source/reporter.hpp"
#include "source/source.hpp"

namespace lambdapack::lpc {

/// The files that are read, by their absolute names: as the user named them.
using FileNames = std::map<std::string, std::string>;

/// Reads, analyses and reports on the programs of one file.
class FileReader : public clang::ASTConsumer {
 public:
  FileReader(clang::CompilerInstance& compiler, const Reading& reading, const Analysis& analysis,
             Found& found, std::string& fault, std::string file)
      : compiler_(compiler),
        reading_(reading),
        analysis_(analysis),
        found_(found),
        fault_(fault),
        file_(std::move(file)) {}

  void HandleTranslationUnit(clang::ASTContext& context) override;

 private:
  void list_files(const clang::SourceManager& sources);
  void read(clang::ASTContext& context);
  bool is_wanted(const Candidate& candidate) const;
  const SourceProgram* known(const SourceProgram& program) const;
  void say_unused(const clang::FunctionDecl& pattern, Reporter& reporter) const;
  void say_not_read(const clang::CXXMethodDecl& member, Reporter& reporter) const;
  void say(const Candidate& candidate, const Reporter::Held& complaints, bool is_part,
           Reporter& reporter) const;
  void examine(const Candidate& candidate, const Read& program, bool is_part, const Places& places,
               Reporter& reporter);
  bool check_signs(const Candidate& candidate, const std::vector<Obligation>& obligations,
                   bool is_part, Reporter& reporter) const;
  void say(const Diagnostic& finding, const Candidate& candidate, const Places& places,
           Reporter& reporter) const;

  clang::CompilerInstance& compiler_;
  const Reading& reading_;
  const Analysis& analysis_;
  Found& found_;
  std::string& fault_;
  std::string file_;
};

}  // namespace lambdapack::lpc
