#include "command.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string_view>

#include "ranks.hpp"

namespace lprun {

namespace {

template <class N>
N parsed(const Option& option, std::string_view text, const std::string& expected) {
  N value{};
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, value);
  if (fault != std::errc() || stop != end)
    throw command_error(std::string(option.name) + " was given '" + std::string(text) +
                        "'; expected " + expected);
  return value;
}

std::int64_t integer_of(const Option& option, const std::string& text) {
  const std::string least = std::to_string(option.least), most = std::to_string(option.most);
  const bool is_bounded = option.most != std::numeric_limits<std::int64_t>::max();
  const std::string expected =
      is_bounded ? "an integer from " + least + " to " + most : "an integer of at least " + least;
  const auto value = parsed<std::int64_t>(option, text, expected);
  if (value < option.least || value > option.most)
    throw command_error(std::string(option.name) + " was given '" + text + "'; expected " +
                        expected);
  return value;
}

std::complex<double> number_of(const Option& option, const std::string& text) {
  const std::string expected = "a number, such as 2.5, or a complex one, such as 1,-2";
  const std::string_view all = text;
  const std::size_t comma = all.find(',');
  const auto real = parsed<double>(option, all.substr(0, comma), expected);
  if (comma == std::string_view::npos) return real;
  return {real, parsed<double>(option, all.substr(comma + 1), expected)};
}

void require_word(const Option& option, const std::string& text) {
  const std::string words = "|" + std::string(option.value) + "|";
  if (text.find('|') != std::string::npos || words.find("|" + text + "|") == std::string::npos)
    throw command_error(std::string(option.name) + " was given '" + text + "'; expected one of " +
                        option.value);
}

void check(const Option& option, const std::string& text) {
  if (option.takes == Takes::integer) integer_of(option, text);
  if (option.takes == Takes::number) number_of(option, text);
  if (option.takes == Takes::word) require_word(option, text);
  if (option.takes == Takes::output && text.empty())
    throw command_error(std::string(option.name) + " was given no name; expected that of a file");
}

/// The option of that name, or none.
const Option* find(const Algorithm& algorithm, const std::string& name) {
  for (const std::span<const Option> options : {common_options(), {algorithm.options}})
    for (const Option& option : options)
      if (option.name == name) return &option;
  return nullptr;
}

std::size_t words_in(std::string_view text) {
  return text.empty() ? 0 : 1 + static_cast<std::size_t>(std::ranges::count(text, ' '));
}

}  // namespace

std::size_t Algorithm::most_inputs() const { return words_in(inputs); }

std::size_t Algorithm::least_inputs() const {
  const auto optional = std::ranges::count(std::string_view(inputs), '[');
  return most_inputs() - static_cast<std::size_t>(optional);
}

std::string trace_name(const std::string& file, std::size_t k) {
  std::filesystem::path path(file);
  if (k > 0)
    path.replace_filename(path.stem().string() + "-" + std::to_string(k + 1) +
                          path.extension().string());
  return path.string();
}

std::span<const Option> common_options() {
  static const Option all[] = {
      {"-o", Takes::output, "FILE", "", "where the result goes: .npy, or else a Zarr array"},
      {"--backend", Takes::word, backends, "threads", "what runs the tasks"},
      {"--workers", Takes::integer, "N", "0", "threads; 0 is one for each core", 0, most_workers},
      {"--cloud", Takes::text, "URL", "cloud://",
       "where --backend cloud keeps what, as cloud://?store=DIR"},
      {"--tile", Takes::integer, "N", "256", "rows and columns of a tile", 1},
      {"--residual", Takes::nothing, "", "", "print how exact the result is"},
      {"--trace", Takes::output, "FILE", "",
       "write when each task ran, for chrome://tracing or, as .html, for a browser"},
  };
  return all;
}

Command::Command(const Algorithm& algorithm, std::span<const std::string> words)
    : algorithm_(&algorithm) {
  const std::string name = algorithm.name;
  for (std::size_t w = 0; w < words.size(); ++w) {
    const std::string& word = words[w];
    if (word.empty())
      throw command_error("an input is given no name; expected that of a file, as in: " +
                          std::string(algorithm.example));
    if (!word.starts_with("-")) {
      inputs_.push_back(word);
      continue;
    }
    const Option* const option = find(algorithm, word);
    if (option == nullptr)
      throw command_error(name + " has no option '" + word + "'; lprun " + name +
                          " --help lists them");
    if (has(option->name)) throw command_error(word + " is there twice; leave one out");
    if (option->takes != Takes::nothing && ++w == words.size())
      throw command_error(word + " needs a value behind it");
    const std::string value = option->takes == Takes::nothing ? "" : words[w];
    check(*option, value);
    values_[option->name] = value;
  }
  if (has("--cloud") && !(has("--backend") && text("--backend") == "cloud"))
    throw command_error("--cloud is an option of --backend cloud; add that, or leave --cloud out");
  for (const std::span<const Option> options : {common_options(), {algorithm.options}})
    for (const Option& option : options)
      if (option.otherwise[0] != '\0') values_.try_emplace(option.name, option.otherwise);
  require_files();
}

void Command::require_files() const {
  if (inputs_.size() < algorithm_->least_inputs() || inputs_.size() > algorithm_->most_inputs() ||
      !has("-o"))
    throw command_error(std::string(algorithm_->name) + " takes " + algorithm_->inputs +
                        " and -o FILE, as in: " + algorithm_->example);
  const std::vector<std::string> named = outputs();
  const auto same = [](const std::string& a, const std::string& b) {
    using namespace std::filesystem;
    std::error_code none;
    return weakly_canonical(absolute(a)) == weakly_canonical(absolute(b)) || equivalent(a, b, none);
  };
  const auto check = [&](const std::string& written, const std::string& called, std::size_t end) {
    for (const std::string& input : inputs_)
      if (same(input, written))
        throw command_error("the output " + called + " is an input too; choose another name");
    for (std::size_t other = 0; other < end; ++other)
      if (same(named[other], written))
        throw command_error("two outputs are " + called + "; choose another name for one");
  };
  for (std::size_t k = 0; k < named.size(); ++k) check(named[k], named[k], k);
  for (std::size_t k = 1; has("--trace") && k < runs_at_most; ++k) {
    const std::string later = trace_name(text("--trace"), k);
    check(later, later + ", where the trace of a later run may go,", named.size());
  }
}

std::int64_t Command::integer(const char* option) const {
  return integer_of(*find(*algorithm_, option), text(option));
}

std::complex<double> Command::number(const char* option) const {
  return number_of(*find(*algorithm_, option), text(option));
}

std::size_t Command::choice(const char* option, std::initializer_list<const char*> words) const {
  const auto found =
      std::ranges::find(words, text(option), [](const char* w) { return std::string(w); });
  return static_cast<std::size_t>(found - words.begin());
}

std::vector<std::string> Command::outputs() const {
  std::vector<std::string> names;
  for (const std::span<const Option> options : {common_options(), {algorithm_->options}})
    for (const Option& option : options)
      if (option.takes == Takes::output && has(option.name)) names.push_back(text(option.name));
  return names;
}

}  // namespace lprun
