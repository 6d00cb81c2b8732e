#include "../../examples/published/programs.hpp"
#include "lpc/same_programs.hpp"
#include "support/algorithms.hpp"
#include "support/plain_forms_in_language.hpp"
#include "support/plain_in_language.hpp"
#include "support/programs.hpp"

TEST_CASE("lpc and tracing agree on the programs that tests and examples share") {
  lpc_test::SourceFile file("tests/lpc/shared_programs.cpp");

  file.check("programs::cholesky", lp::trace(programs::cholesky));
  file.check("programs::gemm_tree", lp::trace(programs::gemm_tree));
  file.check("programs::tsqr", lp::trace(programs::tsqr));
  file.check("programs::qr", lp::trace(programs::qr));
  file.check("programs::bdfac", lp::trace(programs::bdfac));

  file.check("test_algorithms::cholesky<double>", lp::trace(test_algorithms::cholesky<double>));
  file.check("test_algorithms::gemm_chain<double>", lp::trace(test_algorithms::gemm_chain<double>));
  file.check("test_algorithms::solve<double>", lp::trace(test_algorithms::solve<double>));

  namespace shared = test_programs;
  file.check("test_programs::cholesky", lp::trace(shared::cholesky));
  file.check("test_programs::cholesky_single_assignment",
             lp::trace(shared::cholesky_single_assignment));
  file.check("test_programs::lu", lp::trace(shared::lu));
  file.check("test_programs::gemm", lp::trace(shared::gemm));
  file.check("test_programs::back_substitution", lp::trace(shared::back_substitution));
  file.check("test_programs::qr_flat", lp::trace(shared::qr_flat));
  file.check("test_programs::panels", lp::trace(shared::panels));
  file.check("test_programs::stencil", lp::trace(shared::stencil));
  file.check("test_programs::red_black", lp::trace(shared::red_black));
  file.check("test_programs::nothing", lp::trace(shared::nothing));

  file.check("plain_in_language::cholesky", lp::trace(plain_in_language::cholesky));
  file.check("plain_in_language::lu", lp::trace(plain_in_language::lu));
  file.check("plain_in_language::qr", lp::trace(plain_in_language::qr));
  file.check("plain_in_language::multiply", lp::trace(plain_in_language::multiply));

  namespace forms = plain_forms_in_language;
  file.check("plain_forms_in_language::counters", lp::trace(forms::counters));
  file.check("plain_forms_in_language::old_counters", lp::trace(forms::old_counters));
  file.check("plain_forms_in_language::band", lp::trace(forms::band));
  file.check("plain_forms_in_language::choices", lp::trace(forms::choices));
  file.check("plain_forms_in_language::jumps", lp::trace(forms::jumps));
  file.check("plain_forms_in_language::indices", lp::trace(forms::indices));
  file.check("plain_forms_in_language::calls", lp::trace(forms::calls));
  file.check("plain_forms_in_language::kernels", lp::trace(forms::kernels));
  file.check("plain_forms_in_language::outputs", lp::trace(forms::outputs));
  file.check("plain_forms_in_language::temporaries", lp::trace(forms::temporaries));
  file.check("plain_forms_in_language::runs", lp::trace(forms::runs));
}
