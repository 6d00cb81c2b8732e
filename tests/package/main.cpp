// A user's file.
#include <lambdapack/error.hpp>

#include <isl/ctx.h>
#include <jansson.h>
#include <zstd.h>

#include <Eigen/Core>
#include <cstdio>

extern "C" char* bli_info_get_version_str();
extern "C" void dgeqrt_(const int* m, const int* n, const int* nb, double* a, const int* lda,
                        double* t, const int* ldt, double* work, int* info);

int main() {
  isl_ctx_free(isl_ctx_alloc());
  json_decref(json_object());
  Eigen::Matrix4d a = Eigen::Matrix4d::Random(), t = a, work = a;
  const int n = 4;
  int info = 1;
  dgeqrt_(&n, &n, &n, a.data(), &n, t.data(), &n, work.data(), &info);
  std::printf("zstd %s, %s, info %d\n", ZSTD_versionString(), bli_info_get_version_str(), info);
  return info;
}
