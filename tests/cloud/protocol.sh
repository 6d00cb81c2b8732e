#!/usr/bin/env bash
# protocol.sh MODEL FOLDER EXPECTED OPTION...: runs spin on the model in a folder of its own.
# EXPECTED is "right" or "wrong".
set -euo pipefail

model=$1 folder=$2 expected=$3
shift 3
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
spin "$@" -a "$model"
cc -O2 -DSAFETY -DCOLLAPSE -w -o pan pan.c
./pan -m100000 | tee result

if ! grep -q '^State-vector' result; then
  echo "spin has not finished its search; look at the output above" >&2
  exit 1
fi
if grep -q 'max search depth too small\|out of memory\|Search not completed' result &&
  [[ $expected == right ]]; then
  echo "the search was not complete; give pan a greater depth (-m) or more memory" >&2
  exit 1
fi
errors=$(sed -n 's/.*errors: \([0-9]*\).*/\1/p' result)
if [[ $expected == right && $errors != 0 ]]; then
  echo "the protocol has an error; replay it with: cd $folder && spin -t -p ${*} $model" >&2
  exit 1
fi
if [[ $expected == wrong && $errors == 0 ]]; then
  echo "spin finds nothing wrong with a protocol that is wrong; the model checks too little" >&2
  exit 1
fi
