// Takes down what comes of proofs.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "lambdapack/analysis/isl.hpp"
#include "lambdapack/analysis/linear.hpp"
#include "lambdapack/analysis/listing.hpp"
#include "lambdapack/analysis/verification.hpp"
#include "lambdapack/error.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::analysis {

/// Runs proofs, each with a budget of its own: what the context has, and half as much from each
/// proof on that is beyond it, down to a million operations, so that many that are given up do not
/// add up.
class Deciding {
 public:
  explicit Deciding(const isl::Context& ctx) : ctx_(ctx) {}

  /// Whether the proof holds. One that fails because a form is wrong is an internal_error; why it
  /// stays open otherwise is taken down.
  template <class F>
  bool decide(const std::string& what, F&& proof) {
    isl_ctx_reset_operations(ctx_.get());
    isl_ctx_reset_error(ctx_.get());
    try {
      proof();
      ++result.proved;
      return true;
    } catch (const NotDecompilable& unknown) {
      leave_open(what, "not decompilable: " + unknown.why);
    } catch (const Undecided& open) {
      leave_open(what, open.why);
    } catch (const WrongForm& wrong) {
      throw internal_error(wrong.what);
    } catch (const BrokenForm& broken) {
      throw internal_error(text({"the form ", what, " is broken: ", broken.why}));
    } catch (const internal_error&) {
      if (isl_ctx_last_error(ctx_.get()) == isl_error_none) throw;
      leave_open(what, text({"isl cannot do it: ", isl_ctx_last_error_msg(ctx_.get())}));
      if (isl_ctx_last_error(ctx_.get()) == isl_error_quota) spend_less();
    } catch (const program_error&) {
      leave_open(what, "beyond the budget of isl operations");
      spend_less();
    }
    return false;
  }

  void leave_open(const std::string& what, const std::string& why) {
    result.not_proved.push_back(text({what, ": ", why}));
  }

  Verification result;

 private:
  // Not so little that nothing could be proved any more.
  void spend_less() {
    constexpr unsigned long least = 1'000'000;
    const unsigned long budget = isl_ctx_get_max_operations(ctx_.get());
    if (budget > least) isl_ctx_set_max_operations(ctx_.get(), std::max(budget / 2, least));
  }

  const isl::Context& ctx_;
};

}  // namespace lambdapack::analysis
