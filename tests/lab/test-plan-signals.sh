#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Ctrl-C while the migrations of a group begin; Ctrl-Z while they go on, which waits for those that
# migcost drives, and Ctrl-C while it waits. Where guests are is asked of virsh.
# shellcheck source-path=SCRIPTDIR source=lib-execute.sh
. "$(dirname "$0")/lib-execute.sh"

db=idle
# so slowly that there is time to interrupt, and still to be seen if a migration comes to its end
slow="6 MiB/s"

# at_first LINE: an interrupt as soon as the first of a group begins, before libvirt has its job
at_first() {
  case $begun$1 in "moving '"*) ;; *) return ;; esac
  begun=yes
  kill -INT $pid
}

# stands_still: migcost was stopped, or has ended
stands_still() {
  until grep -qs '^State:.*[TZ]' "/proc/$pid/status" || ! kill -0 $pid; do sleep 0.02; done
}

# suspend_first LINE: Ctrl-Z while the first of several guests is sent; where are they once it stops?
suspend_first() {
  case $begun$1 in "moving '"*) ;; *) return ;; esac
  begun=yes
  moved=${1#*\'}
  moved=${moved%%\'*}
  until virsh_on 1 0 domjobinfo "$moved" 2>&1 | grep -q '^Memory processed: *[1-9]'; do
    kill -0 $pid || return 0
  done
  kill -TSTP $pid
  stands_still
  others=
  for name in $names; do [ "$name" = "$moved" ] || others="$others $name"; done
  # shellcheck disable=SC2086
  runs_on 1 "$moved" >"$work/when-stopped" && runs_on 0 $others >>"$work/when-stopped" &&
    echo "one has moved" >"$work/when-stopped"
  kill -CONT $pid
}

# interrupt_waiting LINE: Ctrl-Z when the guest stands still, and Ctrl-C while that waits
interrupt_waiting() {
  case $1 in *"stands still until"*) ;; *) return ;; esac
  kill -TSTP $pid
  sleep 0.5
  kill -INT $pid
  stands_still
  kill -CONT $pid
}

as_user || as_self
check "files" ship
check "a lab" lab_up 1
[ "$failures" = 0 ] || finish # without one virsh would talk to this machine's own daemon
check "guests" start_guests

for control in direct peer-to-peer; do
  begun='' result=$work/results/first-$control
  case $control in direct) set -- --direct ;; *) set -- --peer-uri "b=$(lab_get 1 peer1)" ;; esac
  plan_and at_first --empty a --parallel 3 --bandwidth "$slow" "$@" -o "$result"
  check "$control: an interrupt while a group begins" exits 1
  check "... is heard" contains "$work/err" "stopping: aborting migrations"
  check "... whatever had begun is aborted" all_are aborted migrations status
  check "... all guests are where they were" runs_on 0 $names
done

result=$work/results/interrupted
plan_and interrupt_waiting --move web=b --direct --bandwidth "$slow" --timeout 1:suspend -o "$result"
check "an interrupt while Ctrl-Z waits" exits 1
check "... which is said" contains "$work/err" "Ctrl-Z: stopping once the direct migrations have ended"
check "... aborts the migration at once" holds migrations status aborted
check "... and the guest goes on where it was" runs_on 0 web

begun='' result=$work/results/suspended
plan_and suspend_first --empty a --direct --bandwidth "$slow" -o "$result"
check "Ctrl-Z while memory is sent stops migcost when the guest runs again, before another one moves" \
  contains "$work/when-stopped" "one has moved"
check "... and when it goes on, so does the plan" exits 0
check "... all have moved" runs_on 1 $names

check "nothing of them is to be undone" not ls "$work/state/migcost/undo/"journal-*
check "the lab ends" lab_end 1
finish
