// The numbers of all that the library finds fault with; docs/diagnostics/ has a page for each. E is
// an error, W a warning, R a remark. A number is never given to anything else.
#pragma once

namespace lambdapack::codes {

inline constexpr const char* read_before_write = "lp-E001";
inline constexpr const char* never_written = "lp-E002";
inline constexpr const char* not_fully_written = "lp-E003";
inline constexpr const char* index_out_of_extent = "lp-E004";
inline constexpr const char* outputs_collide = "lp-E005";
inline constexpr const char* not_affine = "lp-E006";
inline constexpr const char* unbounded = "lp-E007";
inline constexpr const char* ill_formed = "lp-E008";
inline constexpr const char* shape_mismatch = "lp-E009";
inline constexpr const char* sizes_do_not_fit = "lp-E010";
inline constexpr const char* too_large = "lp-E011";
inline constexpr const char* never_read = "lp-W001";
inline constexpr const char* never_runs = "lp-W002";
inline constexpr const char* shapes_may_differ = "lp-W003";
inline constexpr const char* chain = "lp-R001";
inline constexpr const char* incomplete = "lp-R002";

}  // namespace lambdapack::codes
