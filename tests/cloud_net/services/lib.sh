# What the scripts here share. Each starts one server on the loopback, says `ready ...`, and ends it
# when its own standard input ends.
# shellcheck shell=bash
set -euo pipefail

# Prints N ports that nobody listens on now. They are below those that the system gives to whoever
# connects, and each call on this machine begins behind the last one.
free_ports() {
  local state=${TMPDIR:-/tmp}/lambdapack-ports-$UID
  (
    flock 9
    python3 - "$1" "$state" <<'PY'
import os, socket, sys
first, ports = 10000, 20000
wanted, state = int(sys.argv[1]), sys.argv[2]
try:
    at = int(open(state).read())
except (OSError, ValueError):
    at = os.getpid()
found = []
for _ in range(ports):
    at += 1
    port = first + at % ports
    with socket.socket() as s:
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            continue
    found.append(port)
    if len(found) == wanted:
        break
else:
    sys.exit("no port is free")
with open(state, "w") as file:
    file.write(str(at % ports))
print(*found)
PY
  ) 9>"$state.lock"
}

# Runs a command in the background that dies with this script; its pid is in $!. What it says goes
# to the file LOG.
daemon() {
  local log=$1
  shift
  setpriv --pdeathsig KILL "$@" </dev/null >>"$log" 2>&1 &
}

# Tries a command until it works, for 120 s; fails, with the log, if it does not or the server died.
await() {
  local pid=$1 log=$2 end=$((SECONDS + 120))
  shift 2
  while ((SECONDS < end)); do
    "$@" >/dev/null 2>&1 && return
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.05
  done
  grep -qiE 'in use|EADDRINUSE' "$log" && echo "its port is in use"
  echo "it does not come up: $(tail -5 "$log" | tr '\n' ' ')"
  return 1
}

# Kills one process and waits until it is gone.
end() {
  kill -KILL "$1" 2>/dev/null || return 0
  wait "$1" 2>/dev/null || true
}
