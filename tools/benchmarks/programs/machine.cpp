// Prints which configuration of BLIS lambdapack runs on here, and who chose it.
#include <lambdapack/kernel/blis.hpp>

#include <cstdio>

int main() {
  const auto blis = lambdapack::kernel::blis_configuration();
  std::printf("{\"blis\": \"%s\", \"blis_chosen_by\": \"%s\", \"blis_id\": %d}\n",
              blis.name.c_str(), blis.chosen_by.c_str(),
              lambdapack::kernel::detail::blis::arch_query_id());
}
