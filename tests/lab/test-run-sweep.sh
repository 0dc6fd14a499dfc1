#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# A study that sweeps: the link gets its rate, techniques are used, what cannot be done is skipped
# with its reason.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

statuses() { # STATUS NUMBER
  [ "$(column runs status status "$1" | wc -l)" = "$2" ] || { cat "$result/runs.csv"; false; }
}

transfer_of() { # CASE: ns of its migration
  number=$(column runs run case_label "$1")
  column migrations transfer_ns run "$number"
}

slower() { # 128 MiB, most of them empty: the slow link still takes at least twice as long
  slow=$(transfer_of "link/m link=100Mbit/s cpu=0") fast=$(transfer_of "link/m link=1Gbit/s cpu=0")
  [ "$slow" -gt $((2 * fast)) ] || { echo "$slow and $fast"; false; }
}

technique_of() { # CASE TECHNIQUE
  number=$(column runs run case_label "$1")
  [ "$(column migrations technique run "$number")" = "$2" ] ||
    { cat "$result/migrations.csv"; false; }
}

control_of() { # CASE CONTROL
  number=$(column runs run case_label "$1")
  [ "$(column migrations control run "$number")" = "$2" ] ||
    { cat "$result/migrations.csv"; false; }
}

# The domain and the program in it have as many; both threads go on over there: a page of either that is not what was
# written is damage.
two_vcpus() {
  number=$(column runs run case_label "vcpus/m vcpus=2")
  [ "$(column guests vcpus run "$number")" = 2 ] &&
    [ -n "$(column migrations first_destination_heartbeat_ns run "$number")" ] ||
    { cat "$result/guests.csv" "$result/migrations.csv"; false; }
}

measure sweep run-sweep.xml
lab=$(lab_of "$result")
check "it succeeds, whatever is skipped" exits 0
check "the result is complete" is_complete
check "seven cases are run" statuses ok 7
check "three are skipped" statuses skipped 3
check "the slow link is slow" slower
check "a technique is used" technique_of "technique/m technique=xbzrle" xbzrle
check "another" technique_of "technique/m technique=multifd" multifd
check "else it is pre-copy" technique_of "link/m link=1Gbit/s cpu=0" pre-copy
check "migcost drives the migration" control_of "control/m peer-to-peer=no" direct
check "or the source's daemon does" control_of "control/m peer-to-peer=yes" peer-to-peer
check "two vCPUs" two_vcpus
check "either way no guest is damaged" all_are ok migrations status
check "and no heartbeat is lost" all_are 0 guests heartbeats_lost
check "why: nobody offers it" contains "$result/runs.csv" "no hypervisor with a libvirt driver"
check "why: no such CPU" contains "$result/runs.csv" "CPU 4000 does not exist"
check "the values are there as numbers" contains "$result/parameters.csv" \
  "link/m link=100Mbit/s cpu=0,link,100 Mbit/s,12500000,bytes/s"
check "the report" is_readable
check "nothing is left" left_nothing "$lab"

# shellcheck disable=SC2086
run $as "$migcost" check run-sweep.xml --source test:///default --destination test:///default
check "a driver that cannot migrate peer-to-peer" \
  contains "$work/out" "driver cannot migrate peer-to-peer"
check "a host without a server in its URI" \
  contains "$work/out" "run-sweep.xml:27: 'test:///default' names no server"
check "a link that is not the lab's is refused" \
  contains "$work/out" "run-sweep.xml:14: migcost cannot change the link of a host with a uri"
finish
