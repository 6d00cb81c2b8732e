#include <algorithm>
#include <charconv>
#include <complex>
#include <cstdint>
#include <iostream>
#include <lambdapack/exec/cloud/attach.hpp>
#include <map>

#include "cloud_programs.hpp"
#include "clouds.hpp"
#include "command.hpp"

namespace lprun {

namespace {

namespace cloud = lp::exec::cloud;

cloud::Programs programs() {
  return programs_of<double>(
      programs_of<float>(programs_of<std::complex<double>>(programs_of<std::complex<float>>({}))));
}

constexpr const char* usage =
    "lprun status|wait|resume|cancel|gc RUN --store URL, with --workers N for resume, and --all, "
    "--dry-run for gc";

/// What is written behind `lprun status` and the like.
struct Words {
  std::string run, store;
  int workers = 0;
  bool all = false, dry = false;

  Words(const std::string& command, std::span<const std::string> words) {
    for (std::size_t w = 0; w < words.size(); ++w) {
      const std::string& word = words[w];
      const bool has_value = w + 1 < words.size();
      if (word == "--store" && has_value)
        store = words[++w];
      else if (word == "--workers" && has_value && command == "resume")
        workers = count_of(words[++w]);
      else if (word == "--all" && command == "gc")
        all = true;
      else if (word == "--dry-run" && command == "gc")
        dry = true;
      else if (!word.starts_with("-") && run.empty())
        run = word;
      else
        throw command_error("'" + word + "' is not for " + command + "; expected " + usage);
    }
    if (run.empty() || store.empty())
      throw command_error(command + " needs the name of a run and its store; expected " + usage);
  }

 private:
  static int count_of(const std::string& text) {
    int value = -1;
    const char* const end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(text.data(), end, value);
    if (fault != std::errc() || stop != end || value < 0 || value > most_workers)
      throw command_error("--workers was given '" + text + "'; expected an integer from 0 to " +
                          std::to_string(most_workers));
    return value;
  }
};

const char* name_of(cloud::Phase phase) {
  static constexpr const char* names[] = {"starting", "running",   "done",
                                          "failed",   "cancelled", "incomplete"};
  return names[static_cast<int>(phase)];
}

void print_status(cloud::Attached& run, const std::string& name) {
  const cloud::Status s = run.status();
  const lp::exec::CloudBill bill = run.bill();
  std::cout << name << ": " << run.program() << ", " << name_of(s.phase) << ", " << s.finished
            << " of " << s.total << " tasks finished, " << s.ready << " ready, " << s.leased
            << " under way\n"
            << bill.workers << " workers so far, " << bill.core_seconds << " core seconds, "
            << bill.gb_seconds << " GB seconds, " << bill.gets + bill.puts << " requests, "
            << static_cast<double>(bill.bytes_read + bill.bytes_written) / 1e6 << " MB, "
            << bill.attempts << " attempts, " << bill.money << " US dollars at AWS's prices\n";
  if (s.phase != cloud::Phase::failed) return;
  try {
    run.wait();
  } catch (const std::exception& error) {
    std::cout << error.what() << "\n";
  }
}

void cancel(cloud::Attached& run, const std::string& name) {
  const cloud::Phase before = run.status().phase;
  run.cancel();
  const cloud::Phase after = run.status().phase;
  std::cout << name << (before == after ? " was " : " is ") << name_of(after)
            << (before == after ? " already\n" : "\n");
}

}  // namespace

const char* const cloud_help =
    "\nRuns of --backend cloud, from any machine that reaches their store:\n"
    "  status RUN --store URL                      how far it is, and what it has used\n"
    "  wait RUN --store URL                        until it has ended\n"
    "  resume RUN --store URL [--workers N]        the same, and start workers\n"
    "  cancel RUN --store URL                      end it\n"
    "  gc RUN --store URL [--all] [--dry-run]      remove what is of no use; --all: all of it\n";

bool is_cloud_worker() { return lp::cloud::is_worker(); }
int work_in_cloud() { return lp::cloud::work(programs()); }

lp::exec::Handle start_in_cloud(lp::exec::Job job, const std::string& url, int workers,
                                bool record_events) {
  lp::cloud executor = lp::cloud::at(url);
  if (workers > 0) executor.workers = workers;
  executor.record_events = record_events;
  if (executor.store.empty()) return executor.start(std::move(job));
  // So that others find it while it runs.
  if (executor.run.empty()) executor.run = cloud::new_run_name();
  std::cerr << "lprun: run " << executor.run << " of " << job.program->name << " in "
            << executor.store << "\n";
  return executor.start(std::move(job));
}

bool is_cloud_command(const std::string& word) {
  return word == "status" || word == "wait" || word == "resume" || word == "cancel" || word == "gc";
}

void run_cloud_command(std::span<const std::string> words) {
  const std::string command = words[0];
  if (words.size() == 2 && words[1] == "--help") {
    std::cout << "usage: " << usage << "\n" << cloud_help;
    return;
  }
  const Words given(command, words.subspan(1));
  cloud::Attached run(given.store, given.run);
  if (command == "status") return print_status(run, given.run);
  if (command == "cancel") return cancel(run, given.run);
  if (command == "gc") {
    const bool leaves_results = !given.all && run.status().phase == cloud::Phase::done;
    const auto keys =
        run.gc(given.all ? cloud::Rest::everything : cloud::Rest::leftovers, given.dry);
    for (const std::string& key : keys) std::cout << key << "\n";
    std::cout << keys.size() << (given.dry ? " objects would be removed\n" : " objects removed\n");
    if (leaves_results) std::cout << "its results and its record stay; --all removes them too\n";
    return;
  }
  if (command == "wait")
    run.wait();
  else
    run.resume(programs(), {.workers = given.workers});
  print_status(run, given.run);
}

}  // namespace lprun
