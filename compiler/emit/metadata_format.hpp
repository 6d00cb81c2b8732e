// The name of the metadata format, and the version of it that this lambdapack writes and reads.
#pragma once

namespace lambdapack::lpc {

inline constexpr const char* metadata_format = "lambdapack-metadata";
inline constexpr int metadata_version = 1;

}  // namespace lambdapack::lpc
