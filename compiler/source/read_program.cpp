// One program: its parameters are declared, its body is read, and its author's names are put in.
#include <cstdlib>
#include <memory>

#include "lambdapack/dsl/places.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/text.hpp"
#include "source/codes.hpp"
#include "source/cpp_names.hpp"
#include "source/interpreter.hpp"
#include "source/language.hpp"
#include "source/plain.hpp"
#include "source/programs.hpp"

namespace lambdapack::lpc {

namespace {

/// Reads a decimal number of the type that `number` has; false if it is none, or does not fit.
bool parse_integer(const std::string& text, llvm::APSInt& number) {
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  if (text.size() == sign || text.find_first_not_of("0123456789", sign) != std::string::npos)
    return false;
  const llvm::APSInt read(text);
  if (read.isNegative() ? number.isUnsigned() : read.getActiveBits() > number.getBitWidth())
    return false;
  const llvm::APSInt fitted(read.extOrTrunc(number.getBitWidth()), number.isUnsigned());
  if (!llvm::APSInt::isSameValue(fitted, read)) return false;
  number = fitted;
  return true;
}

/// A constant that was given on the command line, as a parameter's type has it.
std::optional<Value> parsed(const std::string& text, clang::QualType type,
                            const clang::ASTContext& context) {
  char* end = nullptr;
  if (type->isBooleanType()) {
    if (text == "true" || text == "1") return truth(true);
    if (text == "false" || text == "0") return truth(false);
    return std::nullopt;
  }
  if (type->isIntegralOrEnumerationType()) {
    llvm::APSInt number(context.getIntWidth(type), type->isUnsignedIntegerOrEnumerationType());
    return parse_integer(text, number) ? std::optional<Value>(number) : std::nullopt;
  }
  if (type->isRealFloatingType()) {
    const double number = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0') return std::nullopt;
    return type->isSpecificBuiltinType(clang::BuiltinType::Float)
               ? static_cast<double>(static_cast<float>(number))
               : number;
  }
  const auto* record = type->getAsCXXRecordDecl();
  if (record != nullptr && record->getQualifiedNameAsString() == "std::basic_string") return text;
  return std::nullopt;
}

bool is_size(const clang::ParmVarDecl& parameter, bool is_plain) {
  return parameter_kind(parameter.getType()).kind == ParameterKind::Kind::integer ||
         (is_plain && parameter.getType()->isIntegerType());
}

class ProgramReader {
 public:
  ProgramReader(clang::ASTContext& context, const Candidate& candidate,
                const std::map<std::string, std::string>& constants, Places& places,
                Reporter& reporter, const std::function<void(clang::FunctionDecl&)>& define)
      : context_(context),
        candidate_(candidate),
        constants_(constants),
        reporter_(reporter),
        plain_(is_plain(*candidate.function) ? new Plain(recorder_, places) : nullptr),
        language_(plain_ != nullptr ? plain_ : new Language(recorder_, places)),
        interpreter_(context, reporter, *language_, define) {}

  std::optional<Read> read() {
    const clang::FunctionDecl& function = *candidate_.function;
    const int errors = reporter_.errors();
    Read result;
    try {
      for (const clang::ParmVarDecl* parameter : function.parameters())
        if (!declare(*parameter)) return std::nullopt;
      interpreter_.run_program(function, locals_);
      const Traced traced = recorder_.finish(is_array_, is_integer_);
      result.program = traced.program;
      if (plain_ != nullptr) result.plain = plain_function(traced);
    } catch (const Refused&) {
    } catch (const program_error& e) {
      reporter_.say(Reporter::Level::Error, {"", e.what(), candidate_.named->getSourceRange()});
    }
    result.is_wrong = reporter_.errors() > errors;
    result.calls = interpreter_.entered();
    if (!result.is_wrong) {
      name(result.program);
      language_->complete(result.program);
    }
    return result;
  }

 private:
  bool declare(const clang::ParmVarDecl& parameter) {
    const ParameterKind kind = parameter_kind(parameter.getType());
    const std::size_t position = is_array_.size();
    is_array_.push_back(kind.kind == ParameterKind::Kind::array);
    const bool is_integer = is_size(parameter, plain_ != nullptr);
    is_integer_.push_back(is_integer);
    if (plain_ != nullptr && parameter.getType()->isIntegerType() &&
        !parameter.getType()->isBooleanType() &&
        context_.getIntWidth(parameter.getType()) < context_.getIntWidth(context_.IntTy))
      interpreter_.refuse({codes::construct,
                           "this size is smaller than an int, and would not hold all that a run is "
                           "given; use int or std::int64_t",
                           parameter.getSourceRange()});
    if (const std::string word = our_class(parameter.getType());
        plain_ != nullptr &&
        (word == "In" || word == "Out" || word == "InOut" || word == "Integer"))
      interpreter_.refuse(
          {codes::construct,
           text({"lp::", word,
                 " belongs to the language, which a function over lp::Tiles is not written in; "
                 "take lp::Tiles, const lp::Tiles or lp::OutTiles, and int"}),
           parameter.getSourceRange()});
    names_.push_back(parameter.getName().str());
    if (kind.kind == ParameterKind::Kind::array) {
      if (plain_ != nullptr && !parameter.getType()->isReferenceType())
        interpreter_.refuse(
            {codes::construct,
             text({"this array is passed by value, and cannot be copied; take it by reference: ",
                   name_of(parameter.getType()), "& ", parameter.getName().str()}),
             parameter.getSourceRange()});
      const std::string element = language_->element_name(interpreter_, kind.element, nullptr);
      locals_[&parameter] = cell(Array{recorder_.declare_array(
          position, element, kind.rank, kind.role, parameter.getName().str())});
      return true;
    }
    if (is_integer) {
      const lambdapack::Expr size(
          ir::Symbol{ir::Symbol::Kind::parameter, recorder_.declare_integer(position)});
      // A bool is true for all values that a run may give, but 0.
      locals_[&parameter] =
          parameter.getType()->isBooleanType() ? cell(*as_condition(Value(size))) : cell(size);
      return true;
    }
    return declare_constant(parameter);
  }

  std::string name_of(clang::QualType type) const {
    return type.getAsString(context_.getPrintingPolicy());
  }

  bool declare_constant(const clang::ParmVarDecl& parameter) {
    const std::string name = parameter.getName().str();
    const clang::QualType type = parameter.getType().getNonReferenceType();
    // lp::run would not take it.
    if (plain_ != nullptr) {
      reporter_.say(
          Reporter::Level::Warning,
          {codes::constant_missing,
           text({"the function ", candidate_.name,
                 " is no program by itself, only one that others may call, since its parameter '",
                 name, "' is a constant (", name_of(type),
                 "); a function over lp::Tiles that is run takes arrays, integers and bools: move "
                 "others into the kernels"}),
           parameter.getSourceRange()});
      return false;
    }
    const auto given = constants_.find(name);
    if (given != constants_.end()) {
      if (auto value = parsed(given->second, type, context_)) {
        locals_[&parameter] = cell(*std::move(value));
        return true;
      }
      throw input_error(
          text({"lpc: --constant ", name, "=", given->second, " is no ", name_of(type), ", which ",
                candidate_.name, " takes; give a value of that type"}));
    }
    if (parameter.hasDefaultArg() && !parameter.hasUninstantiatedDefaultArg()) {
      locals_[&parameter] =
          interpreter_.eval_outside(parameter.getDefaultArg(), parameter.getSourceRange());
      return true;
    }
    const std::string option = text({"--constant ", name.empty() ? "NAME" : name, "=..."});
    reporter_.say(
        Reporter::Level::Warning,
        {codes::constant_missing,
         text({"the program ", candidate_.name, " is left out, since its parameter '", name,
               "' is a constant (", name_of(type), ") whose value is not given; pass ", option,
               ", or give the parameter a default"}),
         parameter.getSourceRange()});
    return false;
  }

  PlainFunction plain_function(const Traced& traced) const {
    PlainFunction result{{cpp_name(*candidate_.named, context_), {}}, plain_->obligations()};
    if (llvm::isa<clang::VarDecl>(candidate_.named) && !result.names.address.empty())
      result.names.address = "+" + result.names.address;
    for (const auto& kernel : traced.kernels)
      result.names.kernels.push_back(plain_->name_of(*kernel));
    return result;
  }

  void name(ir::Program& program) const {
    program.name = candidate_.named->getDeclName().getAsString();
    std::size_t array = 0, parameter = 0;
    for (std::size_t k = 0; k < names_.size(); ++k) {
      const std::string name = names_[k].empty() ? detail::positional_name(k) : names_[k];
      if (is_integer_[k]) program.parameters[parameter++].name = name;
      if (!is_array_[k]) continue;
      ir::Array& a = program.arrays[array++];
      a.name = name;
      for (std::size_t d = 0; d < a.extents.size(); ++d)
        program.parameters[parameter++].name = detail::extent_name(name, d);
    }
  }

  clang::ASTContext& context_;
  const Candidate& candidate_;
  const std::map<std::string, std::string>& constants_;
  Reporter& reporter_;
  detail::Recorder recorder_;
  Plain* plain_;
  std::unique_ptr<Language> language_;
  Interpreter interpreter_;
  std::map<const clang::ValueDecl*, Cell> locals_;
  std::vector<bool> is_array_, is_integer_;
  std::vector<std::string> names_;
};

}  // namespace

std::set<std::string> constants_of(const Candidate& candidate) {
  std::set<std::string> names;
  if (is_plain(*candidate.function)) return names;
  for (const clang::ParmVarDecl* parameter : candidate.function->parameters())
    if (parameter_kind(parameter->getType()).kind != ParameterKind::Kind::array &&
        !is_size(*parameter, false))
      names.insert(parameter->getName().str());
  return names;
}

std::optional<Read> read_program(clang::ASTContext& context, const Candidate& candidate,
                                 const std::map<std::string, std::string>& constants,
                                 Places& places, Reporter& reporter,
                                 const std::function<void(clang::FunctionDecl&)>& define) {
  return ProgramReader(context, candidate, constants, places, reporter, define).read();
}

}  // namespace lambdapack::lpc
