#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Two guests that migrate at the same time, and one that goes back and comes again.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

path_of() { # GUEST PATH
  [ "$(column migrations destination guest "$1" | tr '\n' ' ')" = "$2 " ] ||
    { cat "$result/migrations.csv"; false; }
}

in_order() { # GUEST: its heartbeats, in the order of arrival, are 1 apart
  query heartbeats '$at["guest"] == guest { print $at["arrival_ns"], $at["sequence"] }' guest="$1" |
    sort -n -k1,1 -k2,2 |
    awk 'NR > 1 && $2 != last + 1 { print "after", last, "came", $2; bad = 1 } { last = $2 }
      END { exit bad || NR < 20 }'
}

measure parallel run-parallel.xml
lab=$(lab_of "$result")
check "it succeeds" exits 0
check "the result is complete" is_complete
check "four migrations" has_rows 4 migrations
check "each is sound" all_are ok migrations status
check "two at the same time" overlap
check "c1 goes there, back, and there again" path_of c1 "destination source destination"
check "m1 goes there" path_of m1 destination
check "c1's heartbeats are in order" in_order c1
check "m1's heartbeats are in order" in_order m1
check "no heartbeat is lost" all_are 0 guests heartbeats_lost
check "none goes back" all_are 0 guests heartbeats_backwards
check "the report" is_readable
check "nothing is left" left_nothing "$lab"
finish
