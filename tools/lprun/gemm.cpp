#include <lambdapack/algorithm/gemm.hpp>

#include "command.hpp"
#include "executor.hpp"
#include "files.hpp"

namespace lprun {

Summary run_gemm(const Command& command, const std::string& type) {
  return with_type(type, [&]<lp::Scalar T>(std::type_identity<T>) {
    auto A = read<T>(command.inputs[0], command.tile), B = read<T>(command.inputs[1], command.tile);
    lp::TiledMatrix<T> C(A.rows(), B.cols(), command.tile);
    Summary summary{C.rows(), C.cols(), 0, 0,
                    2 * cost<T> * static_cast<double>(A.rows()) * static_cast<double>(A.cols()) *
                        static_cast<double>(B.cols())};
    lp::gemm(A, B, C, {}, Chosen{&command, &summary});
    write(command.output, C);
    return summary;
  });
}

}  // namespace lprun
