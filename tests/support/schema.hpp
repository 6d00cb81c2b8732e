// JSON documents against the schemas in docs/, by python3-jsonschema.
#pragma once

#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace lambdapack::test {

/// A directory that lasts as long as the test.
class SchemaFolder {
 public:
  SchemaFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lambdapack-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  SchemaFolder(const SchemaFolder&) = delete;
  SchemaFolder& operator=(const SchemaFolder&) = delete;
  ~SchemaFolder() { std::filesystem::remove_all(path_); }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The first line that the checker says of each document against docs/NAME.schema.json, or none if
/// this machine has no python3-jsonschema.
inline std::vector<std::string> schema_verdicts(const std::string& name,
                                                const std::vector<std::string>& documents) {
  const std::string root = LAMBDAPACK_SOURCE_DIR;
  const SchemaFolder scratch;
  std::string command = "/usr/bin/python3 '" + root + "/tests/ir/check_schema.py' '" + root +
                        "/docs/" + name + ".schema.json'";
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const std::filesystem::path path = scratch.path() / (std::to_string(i) + ".json");
    std::ofstream(path) << documents[i];
    command += " '" + path.string() + '\'';
  }
  const std::filesystem::path output = scratch.path() / "verdicts";
  const int status = std::system((command + " > '" + output.string() + '\'').c_str());
  if (WIFEXITED(status) && (WEXITSTATUS(status) == 77 || WEXITSTATUS(status) == 127)) return {};
  REQUIRE(status == 0);

  std::vector<std::string> verdicts;
  std::ifstream lines(output);
  for (std::string line; std::getline(lines, line);)
    verdicts.push_back(line.substr(line.find(": ") + 2));
  REQUIRE(verdicts.size() == documents.size());
  return verdicts;
}

}  // namespace lambdapack::test
