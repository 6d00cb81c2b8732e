#include "clouds.hpp"

#include "command.hpp"

namespace lprun {

const char* const cloud_help = "";

bool is_cloud_worker() { return false; }
int work_in_cloud() { return 1; }

lp::exec::Handle start_in_cloud(lp::exec::Job, const std::string&, int, bool) {
  throw command_error(
      "lprun was built without lp::cloud, which needs SQLite (libsqlite3-dev); use another "
      "--backend");
}

bool is_cloud_command(const std::string&) { return false; }
void run_cloud_command(std::span<const std::string>) {}

}  // namespace lprun
