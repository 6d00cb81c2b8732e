# Source it behind lib.sh. Installs packages of npm, once.
# shellcheck shell=bash

# install_packages FOLDER PACKAGE@VERSION...: into FOLDER/node_modules, unless they are there. Fails
# with 3 if npm reaches nobody, and does not try again for ten minutes then.
install_packages() {
  local folder=$1
  shift
  mkdir -p "$folder"
  (
    flock 9
    [[ -e $folder/installed && $(<"$folder/installed") == "$*" ]] && exit
    [[ -z $(find "$folder" -maxdepth 1 -name no-network -mmin -10) ]] || exit 3
    if npm install --prefix "$folder" --no-audit --no-fund --ignore-scripts --fetch-retries 1 \
      "$@" >"$folder/log" 2>&1; then
      rm -f "$folder/no-network"
      echo "$*" >"$folder/installed"
      exit
    fi
    if grep -qE 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT' \
      "$folder/log"; then
      touch "$folder/no-network"
      exit 3
    fi
    echo "npm does not install $*: $(tail -3 "$folder/log" | tr '\n' ' ')"
    exit 1
  ) 9>"$folder/lock"
}

# install_servers FOLDER: those that the tests need.
install_servers() {
  install_packages "$1" @vercel/fun@1.3.6 fauxqs@1.9.2
}
