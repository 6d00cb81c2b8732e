# shellcheck shell=bash disable=SC2034
# What the scripts in tools/ share. Source it after `set -euo pipefail`.

# The top of the checkout.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# How many things to do at once; LAMBDAPACK_JOBS overrides.
jobs=${LAMBDAPACK_JOBS:-$(nproc)}

# Tells the person at the terminal; results go to standard output, this does not.
say() { printf '%s\n' "$*" >&2; }

# Ends the script with a sentence: what is wrong, and what to do.
die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# Compilers go through ccache where it is installed.
use_ccache() {
  if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache
  fi
}

# Builds a preset: build_preset NAME [OPTION...]. Compilers take much memory, and getting it in huge
# pages saves them a sixth of their time, on virtual machines above all.
build_preset() {
  GLIBC_TUNABLES=glibc.malloc.hugetlb=1 cmake --build --preset "$1" -j "$jobs" "${@:2}"
}

# Downloads a Debian package into the current folder.
download() {
  local get=(apt-get -q -o "APT::Sandbox::User=$(id -un)")
  "${get[@]}" download "$1" >&2 && return
  [[ $(id -u) == 0 ]] && apt-get -q update >&2 && "${get[@]}" download "$1" >&2 && return
  die "$1 cannot be downloaded; check the network, run 'apt-get update' as root, and try again"
}
