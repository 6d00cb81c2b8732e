# Source it behind lib.sh. Installs packages of npm, once.
# shellcheck shell=bash

# install_packages FOLDER PACKAGE@VERSION...: into FOLDER/node_modules, unless they are there.
install_packages() {
  local folder=$1
  shift
  mkdir -p "$folder"
  (
    flock 9
    [[ -e $folder/installed && $(<"$folder/installed") == "$*" ]] && exit
    npm install --prefix "$folder" --no-audit --no-fund --ignore-scripts "$@" >"$folder/log" 2>&1 ||
      {
        echo "npm does not install $*: $(tail -3 "$folder/log" | tr '\n' ' ')"
        exit 1
      }
    echo "$*" >"$folder/installed"
  ) 9>"$folder/lock"
}
