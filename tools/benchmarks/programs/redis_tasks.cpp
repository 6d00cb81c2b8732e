// redis_tasks TASKS WORKERS: tasks a second through the ledger in Redis, by processes whose kernels
// do nothing. Tasks are rows of 64; each waits for two of the row before, and reads two values. The
// Redis is its own, on this machine, and writes nothing to disk.
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <lambdapack/exec/cloud/redis/redis_ledger.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "samples.hpp"

namespace {

namespace cloud = lp::exec::cloud;

constexpr std::int64_t width = 64;
constexpr int rounds = 3;

int free_port() {
  const int s = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const a = reinterpret_cast<sockaddr*>(&address);
  if (s < 0 || bind(s, a, size) != 0 || getsockname(s, a, &size) != 0) std::exit(EXIT_FAILURE);
  close(s);
  return ntohs(address.sin_port);
}

pid_t start_redis(const std::string& port) {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
  execlp("redis-server", "redis-server", "--port", port.c_str(), "--bind", "127.0.0.1", "--save",
         "", "--appendonly", "no", static_cast<char*>(nullptr));
  _exit(127);
}

void wait_for(cloud::Ledger& ledger) {
  for (int tries = 0;; ++tries) try {
      ledger.now();
      return;
    } catch (const cloud::unavailable&) {
      if (tries == 100) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

cloud::Completion completion(const cloud::Lease& lease, std::int64_t tasks) {
  const std::int64_t k = lease.task % width, row = lease.task - k;
  cloud::Completion c;
  c.lease = lease;
  c.record.worker = "worker";
  if (row + width < tasks)
    c.successors = {{row + width + k, 2, 0}, {row + width + (k + width - 1) % width, 2, 0}};
  if (row > 0) c.reads = {{row - width + k, 2}, {row - width + (k + 1) % width, 2}};
  c.outputs = {lease.task};
  return c;
}

void work(const std::string& url, std::int64_t tasks) {
  cloud::RedisLedger ledger(url, "bench");
  cloud::Taker taker;
  taker.worker = std::to_string(getpid());
  std::optional<cloud::Lease> lease;
  for (;;) {
    if (!lease) {
      const cloud::Taken taken = ledger.take(taker);
      if (taken.phase == cloud::Phase::done) return;
      lease = taken.lease;
      if (!lease) std::this_thread::sleep_for(std::chrono::microseconds(200));
      continue;
    }
    cloud::Completion c = completion(*lease, tasks);
    c.next = taker;
    lease = ledger.complete(c).next;
  }
}

double tasks_a_second(const std::string& url, std::int64_t tasks, int workers) {
  cloud::RedisLedger ledger(url, "bench");
  ledger.remove();
  ledger.create(tasks);
  std::vector<cloud::Ready> roots;
  for (std::int64_t k = 0; k < width; ++k) roots.push_back({k, 0});
  ledger.seed(roots);
  ledger.seeded();
  const double time = bench::seconds([&] {
    std::vector<pid_t> processes;
    for (int w = 0; w < workers; ++w) {
      processes.push_back(fork());
      if (processes.back() != 0) continue;
      work(url, tasks);
      _exit(EXIT_SUCCESS);
    }
    for (const pid_t p : processes) waitpid(p, nullptr, 0);
  });
  if (ledger.status().finished != tasks) std::exit(EXIT_FAILURE);
  return static_cast<double>(tasks) / time;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return EXIT_FAILURE;
  const std::int64_t tasks = std::atoll(argv[1]) / width * width;
  const std::string port = std::to_string(free_port());
  const pid_t redis = start_redis(port);
  const std::string url = "redis://127.0.0.1:" + port;
  cloud::RedisLedger ledger(url, "bench");
  wait_for(ledger);
  std::vector<double> samples;
  for (int r = 0; r < rounds; ++r)
    samples.push_back(tasks_a_second(url, tasks, std::atoi(argv[2])));
  bench::print_samples(samples);
  kill(redis, SIGKILL);
  waitpid(redis, nullptr, 0);
}
