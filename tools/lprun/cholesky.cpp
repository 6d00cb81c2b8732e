#include <lambdapack/algorithm/cholesky.hpp>

#include "command.hpp"
#include "executor.hpp"
#include "files.hpp"

namespace lprun {

Summary run_cholesky(const Command& command, const std::string& type) {
  return with_type(type, [&]<lp::Scalar T>(std::type_identity<T>) {
    auto A = read<T>(command.inputs[0], command.tile);
    const auto n = static_cast<double>(A.rows());
    Summary summary{A.rows(), A.cols(), 0, 0, cost<T> * n * n * n / 3};
    lp::cholesky(A, Chosen{&command, &summary});
    for (std::int64_t j = 0; j < A.cols(); ++j)
      for (std::int64_t i = 0; i < j; ++i) A(i, j) = T(0);
    write(command.output, A);
    return summary;
  });
}

}  // namespace lprun
