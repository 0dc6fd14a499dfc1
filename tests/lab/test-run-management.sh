#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# What sends and receives has a CPU apart from the guests': where it is, what the result says of it,
# and what cannot be.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

[ "$(nproc)" -gt 1 ] || skip_all "this machine has one CPU"

pinned() { # ELEMENT: the CPU of the guest on the source
  sed -n "s/.*<$1[^>]*cpuset=['\"]\\([0-9]*\\)['\"].*/\\1/p" "$result/domains/m1-source.xml" |
    head -n 1
}

apart() { # by the result, and by the domain's definition
  guests=$(fact source 'cpu used') management=$(fact source 'management cpu')
  [ -n "$guests" ] && [ -n "$management" ] && [ "$guests" != "$management" ] &&
    [ "$(pinned vcpupin)" = "$guests" ] && [ "$(pinned emulatorpin)" = "$management" ] ||
    { grep ^source, "$result/environment.csv"; cat "$result/domains/m1-source.xml"; false; }
}

predicted() { # NUMBER: cases whose total time is predicted, above 0
  query predictions '
    $at["guest"] == "" && $at["quantity"] == "total-time" && $at["value_ns"] > 0 { n++ }
    END { exit n != wanted }' wanted="$1" || { cat "$result/predictions.csv"; false; }
}

cp -R "$top_srcdir/tests/data/recorded-paper" "$work/recorded"
chmod -R a+rX "$work/recorded"
measure management run-management.xml --predict "$work/recorded"
lab=$(lab_of "$result")
check "it succeeds, whatever is skipped" exits 0
check "the result is complete" is_complete
check "three cases are run" statuses ok 3
check "one is skipped" statuses skipped 1
check "why: no such CPU" contains "$result/runs.csv" "CPU 4000 does not exist"
check "the source's management is apart" apart
check "the destination's is not, before a case says so" [ -z "$(fact destination 'management cpu')" ]
check "which CPUs each host owns" has_fact source 'cpus owned'
check "all four cases were predicted" predicted 4
check "no guest is damaged" all_are ok migrations status
check "and no heartbeat is lost" all_are 0 guests heartbeats_lost
check "the report" is_readable
check "nothing is left" left_nothing "$lab"

# shellcheck disable=SC2086
run $as "$migcost" check run-management.xml
check "check tells both CPUs" contains "$work/out" "management on CPU"
finish
