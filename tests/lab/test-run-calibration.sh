#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# What observing costs is measured once per machine, before a run. No figure is judged.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

calibrated() { grep -q "measuring what observing costs" "$result/run.log"; }

export XDG_CACHE_HOME="$work/cache"
result=$work/results/first
run "$migcost" run run-one.xml -o "$result"
check "calibration: exit status" exits 0
check "calibration: this run measures it" calibrated
check "calibration: the result says so" has_fact migcost "observed work before migrations high"
check "calibration: three blocks" has_fact migcost "observing blocks before migrations"
check "calibration: every heartbeat of the run itself is observed" \
  sh -c "! grep -q ',60000000000\$' '$result/heartbeats.csv'"
before=$(fact migcost "observed work before migrations")
result=$work/results/second
run "$migcost" run run-one.xml -o "$result"
check "a second run: exit status" exits 0
check "a second run measures nothing" not calibrated
check "a second run has the same figure" \
  [ "$(fact migcost "observed work before migrations")" = "$before" ]
finish
