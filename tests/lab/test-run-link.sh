#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# A study that sweeps the link: it gets its rate. What cannot be done is skipped with its reason.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

transfer_of() { # CASE: ns of its migration
  number=$(column runs run case_label "$1")
  column migrations transfer_ns run "$number"
}

slower() { # 128 MiB, most of them empty: the slow link still takes at least twice as long
  slow=$(transfer_of "link/m link=100Mbit/s cpu=0") fast=$(transfer_of "link/m link=1Gbit/s cpu=0")
  [ "$slow" -gt $((2 * fast)) ] || { echo "$slow and $fast"; false; }
}

measure link run-sweep.xml --only 'link/*'
lab=$(lab_of "$result")
check "it succeeds, whatever is skipped" exits 0
check "the result is complete" is_complete
check "two cases are run" statuses ok 2
check "two are skipped" statuses skipped 2
check "the slow link is slow" slower
check "without a technique it is pre-copy" migration_has "link/m link=1Gbit/s cpu=0" technique pre-copy
check "no guest is damaged" all_are ok migrations status
check "and no heartbeat is lost" all_are 0 guests heartbeats_lost
check "why: no such CPU" contains "$result/runs.csv" "CPU 4000 does not exist"
check "the values are there as numbers" contains "$result/parameters.csv" \
  "link/m link=100Mbit/s cpu=0,link,100 Mbit/s,12500000,bytes/s"
check "the report" is_readable
check "nothing is left" left_nothing "$lab"
finish
