#include "files.hpp"

#include <fstream>
#include <iterator>
#include <regex>

namespace lprun {

std::string type_of(const std::string& path) {
  using lp::tile::detail::File;
  if (is_npy(path)) return lp::tile::detail::read_npy_header(File::open(path)).descr;
  std::ifstream in(path + "/.zarray");
  if (!in)
    throw lp::input_error(path +
                          " is no Zarr v2 array: it has no file .zarray that can be read; "
                          "expected a .npy file or the directory of a Zarr array: check the path");
  const std::string text(std::istreambuf_iterator<char>(in), {});
  std::smatch found;
  if (!std::regex_search(text, found, std::regex(R"re("dtype"\s*:\s*"([^"]*)")re")))
    throw lp::input_error(path + "/.zarray names no dtype of numbers; save the array again");
  return found[1];
}

}  // namespace lprun
