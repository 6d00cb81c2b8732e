#include <lambdapack/lambdapack.hpp>

void scaled(lp::inout<double> a, const double& by);
void halved(const lp::inout<double>& a);
void named(lp::inout<double> a, const char* name);

void f(lp::Tiles<double, 1>& x) {
  scaled(x(0), 2.0);
  halved(x(0));
  named(x(0), "a");
}

// clang-format off

// clang-format off
// expect: plain_kernel_by_reference.cpp:8:3: error: a parameter of this kernel is a 'const double &'; a kernel takes lp::in<T>, lp::out<T>, lp::inout<T>, lp::in_list<T> and numbers, all by value [lp-E115]
// expect:     8 |   scaled(x(0), 2.0);
// expect:       |   ^~~~~~~~~~~~~~~~~
// expect: plain_kernel_by_reference.cpp:9:3: error: a parameter of this kernel is a 'const lambdapack::inout<double> &'; a kernel takes lp::in<T>, lp::out<T>, lp::inout<T>, lp::in_list<T> and numbers, all by value [lp-E115]
// expect:     9 |   halved(x(0));
// expect:       |   ^~~~~~~~~~~~
// expect: plain_kernel_by_reference.cpp:10:3: error: a parameter of this kernel is a 'const char *'; a kernel takes lp::in<T>, lp::out<T>, lp::inout<T>, lp::in_list<T> and numbers, all by value [lp-E115]
// expect:    10 |   named(x(0), "a");
// expect:       |   ^~~~~~~~~~~~~~~~
// expect: 3 errors generated.
// expect: lpc: lp-E115 is explained in docs/diagnostics/lp-E115.md
// expect: lpc: 1 program checked, 3 errors, 0 warnings
