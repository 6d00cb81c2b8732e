# What the scripts here share. Each starts one server on the loopback, says `ready ...`, and ends it
# when its own standard input ends.
# shellcheck shell=bash
set -euo pipefail

# Prints N ports that nobody listens on now.
free_ports() {
  python3 - "$1" <<'PY'
import socket, sys
held = [socket.socket() for _ in range(int(sys.argv[1]))]
for s in held:
    s.bind(("127.0.0.1", 0))
print(*(s.getsockname()[1] for s in held))
PY
}

# Runs a command in the background that dies with this script; its pid is in $!. What it says goes
# to the file LOG.
daemon() {
  local log=$1
  shift
  setpriv --pdeathsig KILL "$@" </dev/null >>"$log" 2>&1 &
}

# Tries a command until it works, for 30 s; fails, with the log, if it does not or the server died.
await() {
  local pid=$1 log=$2
  shift 2
  for _ in $(seq 600); do
    "$@" >/dev/null 2>&1 && return
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.05
  done
  echo "it does not come up: $(tail -5 "$log" | tr '\n' ' ')"
  return 1
}

# Kills one process and waits until it is gone.
end() {
  kill -KILL "$1" 2>/dev/null || return 0
  wait "$1" 2>/dev/null || true
}
