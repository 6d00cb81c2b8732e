// Whether there are the servers that come by npm.
#pragma once

#ifdef LAMBDAPACK_TEST_NODE
#include <catch2/catch.hpp>

#include "service.hpp"

namespace cloud_net_test {

/// Installs them, once. Without a network they are not to be had: a warning says what is left out.
inline bool has_node_servers() {
  static const bool has = [] { return Service("npm", {LAMBDAPACK_TEST_NODE}).word(0) == "yes"; }();
  if (!has)
    WARN(
        "left out: npm reaches no registry, so that there is no fauxqs (SQS) and no @vercel/fun "
        "(Lambda) to test with; let it install them once, with a network");
  return has;
}

}  // namespace cloud_net_test
#endif
