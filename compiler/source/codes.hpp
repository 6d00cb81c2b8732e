// The numbers of what only the compiler finds: constructs of C++ that a program may not contain.
// include/lambdapack/codes.hpp has those of the library; docs/diagnostics/ has a page for each.
#pragma once

namespace lambdapack::lpc::codes {

inline constexpr const char* while_loop = "lp-E101";
inline constexpr const char* endless_loop = "lp-E102";
inline constexpr const char* side_effect = "lp-E103";
inline constexpr const char* unknown_function = "lp-E104";
inline constexpr const char* mutable_local = "lp-E105";
inline constexpr const char* recursion = "lp-E106";
inline constexpr const char* else_of_guard = "lp-E107";
inline constexpr const char* discarded = "lp-E108";
inline constexpr const char* jump_out = "lp-E109";
inline constexpr const char* jump = "lp-E110";
inline constexpr const char* unknown_value = "lp-E111";
inline constexpr const char* address = "lp-E112";
inline constexpr const char* loose_guard = "lp-E113";
inline constexpr const char* misplaced_stop = "lp-E114";
inline constexpr const char* construct = "lp-E115";
inline constexpr const char* negative = "lp-E120";
inline constexpr const char* not_instantiated = "lp-W101";
inline constexpr const char* constant_missing = "lp-W102";
inline constexpr const char* not_read = "lp-W103";

}  // namespace lambdapack::lpc::codes
