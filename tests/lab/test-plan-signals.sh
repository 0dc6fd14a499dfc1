#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Ctrl-C while the migrations of a group begin. Where guests are is asked of virsh.
# shellcheck source-path=SCRIPTDIR source=lib-execute.sh
. "$(dirname "$0")/lib-execute.sh"

db=idle
# so slowly that there is time to interrupt, and still to be seen if a migration comes to its end
slow="6 MiB/s"

# at_first LINE: an interrupt as soon as the first of a group begins, before libvirt has its job
at_first() {
  case $first$1 in "moving '"*) ;; *) return ;; esac
  first=$1
  kill -INT $pid
}

as_user || as_self
check "files" ship
check "a lab" lab_up 1
[ "$failures" = 0 ] || finish # without one virsh would talk to this machine's own daemon
check "guests" start_guests

for control in direct peer-to-peer; do
  first='' result=$work/results/first-$control
  case $control in direct) set -- --direct ;; *) set -- --peer-uri "b=$(lab_get 1 peer1)" ;; esac
  plan_and at_first --empty a --parallel 3 --bandwidth "$slow" "$@" -o "$result"
  check "$control: an interrupt while a group begins" exits 1
  check "... is heard" contains "$work/err" "stopping: aborting migrations"
  check "... whatever had begun is aborted" all_are aborted migrations status
  check "... all guests are where they were" runs_on 0 $names
done

check "nothing of them is to be undone" not ls "$work/state/migcost/undo/"journal-*
check "the lab ends" lab_end 1
finish
