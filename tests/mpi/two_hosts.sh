#!/usr/bin/env bash
# two_hosts.sh RANKS PROGRAM [ARGUMENT...]: runs a program of OpenMPI on two hosts, which are two
# namespaces of this machine with names and networks of their own and a cable (veth) between them:
# the ranks reach each other through TCP alone. Ends with 77 and a word where the system does not
# allow that.
set -euo pipefail

ranks=$1
shift
here=lambdapack-$$-a
there=lambdapack-$$-b
agent=$(mktemp)

clean_up() {
  ip netns del "$here" 2>/dev/null || true
  ip netns del "$there" 2>/dev/null || true
  rm -f "$agent"
}
trap clean_up EXIT

make_hosts() {
  ip netns add "$here" && ip netns add "$there" &&
    ip link add lp0 netns "$here" type veth peer name lp0 netns "$there" &&
    ip -n "$here" addr add 10.213.7.1/24 dev lp0 && ip -n "$there" addr add 10.213.7.2/24 dev lp0 &&
    ip -n "$here" link set lp0 up && ip -n "$there" link set lp0 up &&
    ip -n "$here" link set lo up && ip -n "$there" link set lo up &&
    unshare --uts true
}
if ! reason=$(make_hosts 2>&1); then
  echo "skipped: this test makes two network namespaces, which is not allowed here: ${reason##*$'\n'}"
  exit 77
fi

# In place of ssh: mpirun calls it as `agent HOST COMMAND...`.
cat >"$agent" <<AGENT
#!/bin/sh
shift
exec ip netns exec "$there" unshare --uts sh -c "hostname $there; \$*"
AGENT
chmod +x "$agent"

ip netns exec "$here" unshare --uts sh -c "hostname $here"'; exec "$@"' sh \
  mpirun --allow-run-as-root --oversubscribe --bind-to none \
  --host "10.213.7.1:$((ranks - ranks / 2)),10.213.7.2:$((ranks / 2))" -n "$ranks" \
  --mca plm_rsh_agent "$agent" --mca btl self,tcp --mca btl_tcp_if_include 10.213.7.0/24 \
  --mca oob_tcp_if_include 10.213.7.0/24 "$@"
