#include "streamed.hpp"

#include <charconv>
#include <filesystem>

namespace lprun {

namespace {

std::int64_t parsed_size(const std::string& text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, number);
  const std::string unit(stop, end);
  const int shift = unit == "K" ? 10 : unit == "M" ? 20 : unit == "G" ? 30 : unit == "T" ? 40 : 0;
  if (fault != std::errc() || number <= 0 || (shift == 0 && !unit.empty()) ||
      number > INT64_MAX >> shift)
    throw command_error("--memory was given '" + text +
                        "'; expected a number of bytes above 0, such as 500M or 2G");
  return number << shift;
}

const std::string& require_zarr(const std::string& path) {
  if (is_npy(path))
    throw command_error("with --memory all matrices are Zarr arrays, but " + path +
                        " is a .npy file; convert it, or leave --memory out");
  return path;
}

}  // namespace

std::int64_t memory_of(const Run& run) {
  const Command& command = run.command();
  if (command.text("--backend") != "threads")
    throw command_error("--memory goes with --backend threads only; leave one of the two out");
  if (run.asks_for_residual())
    throw command_error(
        "--residual reads whole matrices, which --memory rules out; leave one of the two out");
  return parsed_size(command.text("--memory"));
}

Chosen executor_within_memory(Run& run) {
  Chosen chosen = run.executor();
  chosen.memory = memory_of(run);
  return chosen;
}

std::string streamed_input(const Run& run, std::size_t k) {
  return require_zarr(run.command().inputs()[k]);
}

std::string streamed_output(const Run& run) { return require_zarr(run.command().text("-o")); }

WorkingCopy::WorkingCopy(const std::string& from, const std::string& target)
    : target_(lp::tile::detail::resolved(target)) {
  const std::string path = lp::tile::detail::partial_name(target_);
  try {
    std::filesystem::copy(lp::tile::detail::resolved(from), path,
                          std::filesystem::copy_options::recursive);
  } catch (const std::filesystem::filesystem_error& error) {
    lp::tile::detail::remove_tree(path);
    throw lp::input_error("cannot copy " + from + " to " + path + ": " + error.code().message() +
                          "; check the folder, and the space on the disk");
  }
  path_ = path;
}

WorkingCopy::~WorkingCopy() {
  if (!path_.empty()) lp::tile::detail::remove_tree(path_);
}

void WorkingCopy::publish() {
  lp::tile::detail::replace_directory(path_, target_);
  path_.clear();
}

}  // namespace lprun
