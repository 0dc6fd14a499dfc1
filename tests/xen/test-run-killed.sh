#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# migcost is stopped while a guest migrates. Gently: libxl cannot abort, so it waits. Killed: libxl
# leaves it suspended on one host and paused on the other, both locked. The next start clears both
# and gives Domain-0 its CPUs back. The hosts have two CPUs, so that a pin can be seen.
# shellcheck source-path=SCRIPTDIR source=../pair/lib-pair.sh
kind=xen
. "$top_srcdir/tests/pair/lib-pair.sh"

up() { pair_up --host-cpus 2; }

# affinity HOST: of Domain-0's vCPU, as Xen has it: "yy": both CPUs
affinity() { on "$1" vcpuinfo Domain-0 | sed -n 's/^CPU Affinity: *//p' | head -n 1; }

affinity_is() { # HOST TEXT
  [ "$(affinity "$1")" = "$2" ] || { on "$1" vcpuinfo Domain-0; false; }
}

arrives() { # the destination has the guest that is being sent
  for _ in $(seq 100); do
    if on destination list --all --name | grep -q migcost-m1; then return 0; fi
    sleep 0.1
  done
  return 1
}

next_start() { "$migcost" check run-killed.xml --source "$source" --destination "$destination"; }

cat >run-killed.xml <<'END'
<study name="run-killed">
  <hosts>
    <host name="source" cpu="0"/>
    <host name="destination" cpu="0" management-cpu="spare"/>
  </hosts>
  <workload name="m" type="memory" wss="64 MB"/>
  <guest name="m1" workload="m" memory="256 MiB"/>
  <cases><sequence>m1</sequence></cases>
  <timing settle="1 s" baseline="1 s" window="2 s" repetitions="1"/>
</study>
END

build_or_skip --host-cpus 2
check "two hosts with two CPUs each" up
[ "$failures" = 0 ] || { echo 'Bail out! no hosts'; exit 99; }
check "Domain-0 may use both" affinity_is source yy
result=$work/results/stopped
start run-killed.xml --source "$source" --destination "$destination" -o "$result"
check "stopped: the migration begins" wait_line "migrating"
check "stopped: the destination has the guest" arrives
kill -s INT "$run_pid"
check "stopped: it says that it waits" \
  wait_line "cannot abort a migration: waiting until guest 'm1' has moved"
wait_run
check "stopped: exit status" exits 1
check "stopped: nothing is left on the source" no_guests source
check "stopped: nor on the destination" no_guests destination
check "stopped: Domain-0 may use both CPUs again" affinity_is source yy
check "stopped: no journal is left" no_journal

result=$work/results/killed
start run-killed.xml --source "$source" --destination "$destination" -o "$result"
check "the migration begins" wait_line "migrating"
check "the destination has the guest" arrives
check "Domain-0 of the source is pinned" affinity_is source y-
check "Domain-0 of the destination too, apart from guests" affinity_is destination -y
kill -s KILL "$run_pid"
wait_run
check "migcost is killed" exits 137
check "its journal is left" not no_journal
check "the source has the guest" not no_guests source
check "the next start" next_start
check "the source has it no more" no_guests source
check "nor has the destination" no_guests destination
check "Domain-0 of the source may use both CPUs again" affinity_is source yy
check "Domain-0 of the destination too" affinity_is destination yy
check "no journal is left" no_journal
check "the result can be read" is_readable
measure again run-killed.xml --source "$source" --destination "$destination"
check "a run on the same hosts succeeds" exits 0
check "its migration is sound" all_are ok migrations status
finish
