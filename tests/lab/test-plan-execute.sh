#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# A plan that is performed on guests that run: nothing without --yes; an interrupt; one guest that cannot move while the
# others do; then all. Guests are seen by virsh and by their heartbeats, not by what migcost says.
# shellcheck source-path=SCRIPTDIR source=lib-execute.sh
. "$(dirname "$0")/lib-execute.sh"

interrupt() { # LINE
  case $1 in "moving "*) sleep 1; kill -INT $pid ;; esac
}

clash() { # another domain of a guest's name, where that one is to go
  named web && virsh_on 1 1 define "$work/web.xml"
}

beats() { # on the destination, as the guest itself says
  console_open 1 1 && contains "$work/console.out" "@H " && console_end
}

as_user || as_self
check "files" ship
check "a lab" lab_up 1
[ "$failures" = 0 ] || finish # without one virsh would talk to this machine's own daemon
check "guests" start_guests

plan --empty a
check "without --yes nothing is begun" exits 2
check "... it is said" contains "$work/err" "dry run: the plan migrates 3 guests; add --yes"
check "... the plan is shown" grep -Eq '^ +[123] +web +a +b ' "$work/out"
check "... and the guests are where they were" runs_on 0 $names

result=$work/results/interrupted
plan_and interrupt --empty a --bandwidth '4 MiB/s' -o "$result" # slowly, so that there is time
check "an interrupt ends it" exits 1
check "... it says what it does" contains "$work/err" "stopping: aborting migrations"
check "... the migration was aborted" holds migrations status aborted
check "... the run is interrupted" holds runs status interrupted
check "... all guests run where they were" runs_on 0 $names
check "... which is said" grep -Eq 'aborted .* a$' "$work/out"
check "... the result can be read" is_result
check "... and is not complete" not test -e "$result/COMPLETE"

check "a domain that is in the way" clash
result=$work/results/clash
plan --yes --empty a -o "$result"
check "one that cannot move, and the others" exits 1
check "... two have moved" runs_on 1 lab-test db
check "... one is where it was" runs_on 0 web
check "... it was tried twice, and why it failed is said" test "$(grep -c '^  web, plan .*failed' "$work/out")" = 2
check "... and where it is" grep -Eq '^ +[0-9] +web +a +b +failed .* a$' "$work/out"
check "... the other domain is as it was" test "$(virsh_on 1 1 domstate web)" = "shut off"
check "... the result can be read" is_result
check "... what was predicted is in it" test "$(column predictions quantity | tr ' ' '\n' | grep -c total-time)" -ge 3
virsh_on 1 1 undefine web

persist() { # it runs, and from now on it is defined as well
  virsh_on 1 0 dumpxml web >"$work/persistent.xml" && virsh_on 1 0 define "$work/persistent.xml"
}

check "... and it can be made persistent" persist
result=$work/results/rest
plan --yes --empty a -o "$result" --link '1 Gbit/s'
check "the rest" exits 0
check "... all have moved" runs_on 1 $names
check "... it is done" contains "$work/out" "Done: 1 of 1 VMs"
check "... its row" holds migrations status ok
check "... the definition that it left behind is told of" contains "$work/out" "web is still defined on a,"
check "... its neighbours were watched too" test "$(column guests guest | wc -w)" = 3
check "... it is complete" test -e "$result/COMPLETE"
check "they are the guests that they were" same_guests
check "their hearts beat" beats
check "nothing of them is to be undone" not ls "$work/state/migcost/undo/"journal-*
check "the lab ends" lab_end 1
finish
