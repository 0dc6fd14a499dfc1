#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# A study that sweeps: techniques are used, either side drives the migration, guests get their vCPUs,
# what cannot be done is skipped with its reason. Links are swept by test-run-link.sh.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

# The domain and the program in it have as many; both threads go on over there: a page of either that is not what was
# written is damage.
two_vcpus() {
  number=$(column runs run case_label "vcpus/m vcpus=2")
  [ "$(column guests vcpus run "$number")" = 2 ] &&
    [ -n "$(column migrations first_destination_heartbeat_ns run "$number")" ] ||
    { cat "$result/guests.csv" "$result/migrations.csv"; false; }
}

sed '/<experiment name="link">/,/<\/experiment>/d' run-sweep.xml >no-link.xml
measure sweep no-link.xml
lab=$(lab_of "$result")
check "it succeeds, whatever is skipped" exits 0
check "the result is complete" is_complete
check "five cases are run" statuses ok 5
check "one is skipped" statuses skipped 1
check "a technique is used" migration_has "technique/m technique=xbzrle" technique xbzrle
check "another" migration_has "technique/m technique=multifd" technique multifd
check "else it is pre-copy" migration_has "vcpus/m vcpus=2" technique pre-copy
check "migcost drives the migration" migration_has "control/m peer-to-peer=no" control direct
check "or the source's daemon does" migration_has "control/m peer-to-peer=yes" control peer-to-peer
check "two vCPUs" two_vcpus
check "either way no guest is damaged" all_are ok migrations status
check "and no heartbeat is lost" all_are 0 guests heartbeats_lost
check "why: nobody offers it" contains "$result/runs.csv" "no hypervisor with a libvirt driver"
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
