// The functions of lp::cloud marked LAMBDAPACK_API, as lambdapack.cpp has the others.
#ifndef LAMBDAPACK_SEPARATE
#define LAMBDAPACK_SEPARATE
#endif
#define LAMBDAPACK_DEFINE

#include "lambdapack/exec/cloud/attach.hpp"
#include "lambdapack/exec/cloud/cloud_run.hpp"
#include "lambdapack/exec/cloud/work.hpp"

#ifdef LAMBDAPACK_CLOUD_SERVERS
#include "lambdapack/exec/cloud/servers.hpp"

namespace {
[[maybe_unused]] const bool servers_are_known = [] {
  lambdapack::exec::cloud::add_servers();
  return true;
}();
}  // namespace
#endif
