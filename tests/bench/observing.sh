#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What observing costs guests of the lab: four that compute on one CPU while none moves, and one that updates its memory
# while it migrates. Each is observed and left alone in turn (migcost run --observing-cost), so that a machine that
# changes its speed does so to both. Figures only: nothing passes or fails. Nothing else should run on the machine.
#
#   BENCH_SECONDS  length of each measurement (300)
#   BENCH_WINDOW   observed and left alone for so long each (3s)
# shellcheck source-path=SCRIPTDIR/../lab source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

seconds=${BENCH_SECONDS:-300}
window=${BENCH_WINDOW:-3s}
. "$top_srcdir/tests/bench/lib-observing.sh"

# observe NAME STUDY PHASE OPTION...
observe() {
  name=$1 study=$2 phase=$3
  shift 3
  sed "s/SECONDS/$seconds/; s/LONGER/$((seconds + 1))/" "$top_srcdir/tests/bench/$study" >"$work/$study"
  measure "$phase" "$study" --quiet --observing-cost "$window" "$@"
  [ -e "$result/environment.csv" ] || { cat "$work/err"; exit 99; }
  row "$name" "$phase"
  [ "$phase" = during ] ||
    sed -n "s/^\([^,]*\),observing before migrations,\([^,]*\),.*/    CPU of \1, all windows: \2 %/p
      s/^migcost,peak memory,\([0-9]*\),bytes/    peak memory: \1 bytes/p" "$result/environment.csv"
  rm -rf "$result"
}

# the migration that never ends fails, as it should
heading
observe "four that compute, as by default" four.xml before
observe "  heartbeats 10 ms, samples 100 ms" four.xml before --heartbeat 10ms --sampling 100ms
observe "one that migrates, as by default" migrating.xml during
observe "  heartbeats 10 ms, samples 100 ms" migrating.xml during --heartbeat 10ms --sampling 100ms
