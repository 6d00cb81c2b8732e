// Verification of forms with powers and logarithms, for all sizes that the program allows.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lambdapack/analysis/case_proof.hpp"
#include "lambdapack/analysis/case_sizes.hpp"
#include "lambdapack/analysis/verify.hpp"

namespace lambdapack::analysis {

/// Goes through all claims about one program, each with a budget of its own.
class TreeVerifier {
 public:
  TreeVerifier(const ir::Program& program, const form::ClosedForms& forms,
               const VerifyOptions& options)
      : program_(program),
        forms_(forms),
        ctx_(options.max_operations),
        space_(program.parameters.size()),
        search_(ctx_.get(), space_.terms) {}

  Verification run() {
    const CaseSizes sizes(program_, space_, search_, forms_);
    Cases allowed;
    std::vector<CaseClaim> claims;
    std::optional<CaseFlow> flow;
    decide("what the program says", [&] {
      allowed = sizes.allowed();
      flow.emplace(program_, space_, search_, allowed);
      CaseClaimMaker maker(program_, space_, *flow, forms_, allowed);
      claims = maker.make();
      result_.not_proved = maker.searched();
    });
    if (claims.empty()) return result_;
    decide("the requirements", [&] { sizes.suffice(*flow, allowed); });
    decide("that the requirements are needed", [&] { sizes.are_needed(*flow, allowed); });
    for (const CaseClaim& c : claims)
      decide(c.form, [&] { CaseProof(program_, space_, *flow, search_, c).prove(forms_.code); });
    return result_;
  }

 private:
  template <class F>
  bool decide(const std::string& what, F&& proof) {
    isl_ctx_reset_operations(ctx_.get());
    isl_ctx_reset_error(ctx_.get());
    try {
      proof();
      ++result_.proved;
      return true;
    } catch (const NotDecompilable& unknown) {
      result_.not_proved.push_back(text({what, ": not decompilable: ", unknown.why}));
    } catch (const Undecided& open) {
      result_.not_proved.push_back(text({what, ": ", open.why}));
    } catch (const WrongForm& wrong) {
      throw internal_error(wrong.what);
    } catch (const BrokenForm& broken) {
      throw internal_error(text({"the form ", what, " is broken: ", broken.why}));
    } catch (const internal_error&) {
      if (isl_ctx_last_error(ctx_.get()) == isl_error_none) throw;
      result_.not_proved.push_back(
          text({what, ": isl cannot do it: ", isl_ctx_last_error_msg(ctx_.get())}));
    } catch (const program_error&) {
      result_.not_proved.push_back(text({what, ": beyond the budget of isl operations"}));
    }
    return false;
  }

  const ir::Program& program_;
  const form::ClosedForms& forms_;
  const isl::Context ctx_;
  ClaimSpace space_;
  const LevelSearch search_;
  Verification result_;
};

}  // namespace lambdapack::analysis
