#include <iostream>

#include "lpc/command.hpp"

int main(int argc, char** argv) {
  return lambdapack::lpc::run({argv + 1, argv + argc}, std::cout, std::cerr);
}
