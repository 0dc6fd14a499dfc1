#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# What observing costs: guests are observed and left alone in turn, and say how much they did. No
# figure is judged: others may be using the machine.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

in_turn() { # windows of both kinds, one after the other, and nothing sampled in those alone
  awk -F, '
    FNR == 1 { file++; for (i = 1; i <= NF; i++) at[file, $i] = i; next }
    file == 1 && $at[1, "event"] ~ /^(alone|observed)$/ {
      if ($at[1, "event"] == last) bad = 1
      last = $at[1, "event"]; n++; from[n] = $at[1, "time_ns"]; kind[n] = last; next }
    file == 2 { for (i = 1; i < n; i++)
        if (kind[i] == "alone" && $at[2, "time_ns"] > from[i] + 5e8 && $at[2, "time_ns"] < from[i + 1]) bad = 1 }
    END { print n " changes"; exit bad || n < 6 }' "$result/events.csv" "$result/samples.csv"
}

# the guests know of it: heartbeats of both periods from each of them
both_periods() {
  query heartbeats '
    { seen[$at["guest"], $at["period_ns"] == 60000000000] = 1 }
    END { exit !(seen["c1", 0] && seen["c1", 1] && seen["m1", 0] && seen["m1", 1]) }'
}

# 200 lines a second, half of the time: it is the daemon that is looked at, and no other process
daemon_works() {
  fact source 'observing before migrations' |
    awk '{ print "share:", $1, "%"; known = 1; small = $1 < 0.5 } END { exit !known || small }'
}

sed 's/baseline="2 s"/baseline="8 s"/' "$top_srcdir/studies/smoke.xml" >turn.xml
measure turn turn.xml --observing-cost 1s --heartbeat 10ms
check "in turn: exit status" exits 0
check "in turn: complete" is_complete
check "in turn: one window after the other" in_turn
check "in turn: the guests beat at both periods" both_periods
check "in turn: their work is known" has_fact migcost "observed work before migrations"
check "in turn: so is the CPU time that observing took" has_fact migcost "observing cpu before migrations"
check "in turn: the daemon that passes on all heartbeats takes CPU time" daemon_works
check "in turn: no calibration" not grep -q "measuring what observing costs" "$result/run.log"
finish
