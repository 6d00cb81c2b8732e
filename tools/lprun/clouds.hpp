// The workers of --backend cloud, and the commands about runs that are there already. Two sources
// have the bodies: clouds_here.cpp, and clouds_absent.cpp where lprun was built without SQLite.
#pragma once

#include <lambdapack/exec/job.hpp>
#include <span>
#include <string>
#include <vector>

namespace lprun {

/// Whether this process was started as a worker, and what it then does; returns main's status.
bool is_cloud_worker();
int work_in_cloud();

/// Starts a job by the URL of --cloud.
lp::exec::Handle start_in_cloud(lp::exec::Job job, const std::string& url, int workers,
                                bool record_events);

/// Whether a word is the name of a command about a run: status, wait, resume, cancel, gc.
bool is_cloud_command(const std::string& word);
/// Does it. Throws command_error if it is not written as it should be.
void run_cloud_command(std::span<const std::string> words);

/// What help says of these commands; empty if there are none.
extern const char* const cloud_help;

}  // namespace lprun
