#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# What observing costs on Xen, where xenconsoled and libvirtd share the CPU with the guests: one that computes and one
# that updates its memory are observed and left alone in turn, before and while they migrate, at the default periods and
# at fixed ones. About three minutes for a repetition of each on the emulated pair.
#
#   BENCH_REPETITIONS  of each (3)
#   BENCH_HEARTBEATS   the fixed ones (10ms 50ms 200ms)
#   BENCH_WINDOW       observed and left alone for so long each (1s: a migration is to have several blocks of three)
# shellcheck source-path=SCRIPTDIR source=../pair/lib-pair.sh
kind=xen
. "$top_srcdir/tests/pair/lib-pair.sh"

window=${BENCH_WINDOW:-1s}
repetitions=${BENCH_REPETITIONS:-3}
results=${MIGCOST_RESULTS:-$work/results}
. "$top_srcdir/tests/bench/lib-observing.sh"

up() { pair_up; }

# observe NAME OPTION...
observe() {
  name=$1
  shift
  result=$results/observing
  run "$migcost" run observing.xml -q --source "$source" --destination "$destination" \
    --observing-cost "$window" "$@" -o "$result" </dev/null
  check "$name" [ -e "$result/environment.csv" ]
  row "$name, before" before
  row "$name, during" during
  rm -rf "$result"
}

cat >observing.xml <<END
<study name="observing">
  <hosts><host name="source" cpu="0"/><host name="destination" cpu="0"/></hosts>
  <workload name="c" type="cpu"/>
  <workload name="m" type="memory" wss="32 MB"/>
  <guest name="c1" workload="c" memory="128 MiB"/>
  <guest name="m1" workload="m" memory="128 MiB"/>
  <cases><sequence>c1 m1</sequence></cases>
  <timing settle="3 s" baseline="60 s" window="70 s" repetitions="$repetitions" ready-timeout="5 min"/>
</study>
END

build_or_skip
check "both hosts come up" up
[ "$failures" = 0 ] || { echo 'Bail out! no hosts'; exit 99; }
heading
observe "default"
for heartbeat in ${BENCH_HEARTBEATS-10ms 50ms 200ms}; do
  observe "heartbeats $heartbeat, samples 1 s" --heartbeat "$heartbeat" --sampling 1s
done
finish
