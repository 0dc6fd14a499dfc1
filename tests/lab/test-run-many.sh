#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Three hosts: one is emptied onto two others, each guest to a host of its own.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

went_to() { # GUEST HOST: by the migration, by the end, and by its heartbeats
  [ "$(column migrations destination guest "$1")" = "$2" ] &&
    [ "$(column guests host_after guest "$1")" = "$2" ] &&
    [ "$(last_heartbeat_of "$1")" = "$2" ] ||
      { cat "$result/migrations.csv" "$result/guests.csv"; false; }
}

last_heartbeat_of() { # GUEST: the host that it came from
  query heartbeats '
    $at["guest"] == guest && $at["arrival_ns"] > latest { latest = $at["arrival_ns"]; host = $at["host"] }
    END { print host }' guest="$1"
}

sampled() { # HOST: its CPU, and whether a guest was seen on it
  query samples '
    $at["host"] == host { if ($at["guest"] == "") own++; else guests++ }
    END { exit !(own && guests) }' host="$1"
}

measure many run-many.xml
lab=$(sed -n 's/^alpha,uri,.*socket=\(.*\)\/0\/run\/.*/\1/p' "$result/environment.csv")
check "it succeeds" exits 0
check "the result is complete" is_complete
check "three migrations" has_rows 3 migrations
check "each is sound" all_are ok migrations status
check "the two of the first step, to different hosts, were under way together" overlap
check "m1 is on the one host" went_to m1 beta
check "m2 is on the other" went_to m2 gamma
check "and c1" went_to c1 gamma
check "all left the first" all_are alpha migrations source
check "no heartbeat is lost" all_are 0 guests heartbeats_lost
check "none goes back" all_are 0 guests heartbeats_backwards
for host in alpha beta gamma; do
  check "host $host is sampled, with guests on it" sampled $host
done
is_readable >"$work/full"
check "the report" test -s "$work/full"
check "says who went where" grep -q 'm+mc, to gamma: m2, c1; total time' "$work/full"
check "and where else" grep -q 'm+mc, to beta: m1; total time' "$work/full"
check "nothing is left" left_nothing "$lab"
sed -n 's/^/# /; /Where the guests went/,/^#* *$/p' "$work/full"

# shellcheck disable=SC2086
run $as "$migcost" check run-many.xml --host alpha=test:///default --host beta=test:///default \
  --host gamma=test:///default
check "hosts by their names" grep -q '^PASS  gamma .*connection' "$work/out"
finish
