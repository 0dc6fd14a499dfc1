#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# A plan that is performed on guests that run: nothing without --yes; an interrupt; one guest that
# cannot move, without which the others do; then all. Guests are seen by virsh and by their
# heartbeats, not by what migcost says.
# shellcheck source-path=SCRIPTDIR source=lib-execute.sh
. "$(dirname "$0")/lib-execute.sh"

db="memory wss=2000000 rate=400" # so much that a very slow migration of it never ends

interrupted=
interrupt() { # LINE: once memory of the first one is sent
  case $interrupted$1 in "moving '"*) ;; *) return ;; esac
  first=${1#*\'}
  until virsh_on 1 0 domjobinfo "${first%%\'*}" 2>&1 | grep -q 'Memory processed'; do
    kill -0 $pid || return 0
  done
  interrupted=yes
  kill -INT $pid
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
# slowly, so that there is time; not so slowly that a guest which catches up on its work, and is seen
# to update more memory than it does, could not be moved at all
plan_and interrupt --empty a --bandwidth '12 MiB/s' -o "$result"
check "an interrupt ends it" exits 1
check "... it says what it does" contains "$work/err" "stopping: aborting migrations"
check "... the migration was aborted" holds migrations status aborted
check "... the run is interrupted" holds runs status interrupted
check "... all guests run where they were" runs_on 0 $names
check "... which is said" grep -Eq 'aborted .* a$' "$work/out"
check "... the result can be read" is_result
check "... and is not complete" not test -e "$result/COMPLETE"

check "a domain that is in the way" clash
plan --yes --empty a -o "$work/results/refused"
check "one that cannot move is known before anything moves" exits 1
check "... why is said" \
  contains "$work/err" "'web' cannot be moved: host 'b': another domain has the name 'web'"
check "... all guests are where they were" runs_on 0 $names
result=$work/results/clash
plan --yes --empty a --skip-impossible -o "$result"
check "the others move without it, which is not all" exits 1
check "... it is said" contains "$work/out" "NOT ALL DONE: 2 of 3 VMs"
check "... at the end, why and what to do" sh -c "tr -s '\n ' ' ' <'$work/out' |
  grep -q \"Left where they are.*web, on a: host 'b': another domain has the name 'web': rename or\""
check "... and the command for later" \
  grep -Eq "^ *migcost plan --host .* --empty 'a' --skip-impossible --execute --yes$" "$work/out"
check "... two have moved" runs_on 1 lab-test db
check "... one is where it was" runs_on 0 web
check "... it was not tried" holds migrations status "ok ok"
check "... the other domain is as it was" test "$(virsh_on 1 1 domstate web)" = "shut off"
check "... the result can be read" is_result
check "... what was predicted is in it" \
  test "$(column predictions quantity | grep -c total-time)" -ge 2
virsh_on 1 1 undefine web

# verdict NAME TEXT REASON: its row of the table before the plan
verdict() { grep -Eq "^ *$1 +[a-z] +$2 +$3" "$work/out" || { cat "$work/out"; return 1; }; }

vanish() { # LINE: of two guests, the one that does not move first is ended by its owner
  case $1 in
    *"moving 'web'"*) virsh_on 1 1 destroy lab-test ;;
    *"moving 'lab-test'"*) virsh_on 1 1 destroy web ;;
  esac
}

check "... and it can be made persistent" persist 1 0 web
result=$work/results/rest
plan --yes --empty a -o "$result" --link '1 Gbit/s'
check "the rest" exits 0
check "... all have moved" runs_on 1 $names
check "... it is done" contains "$work/out" "Done: 1 of 1 VMs"
check "... its row" holds migrations status ok
check "... its definition has moved along, and who starts it" defined_on 1 1 web enable
check "... nothing of it is left" not virsh_on 1 0 dominfo web
check "... nothing is to be done" not contains "$work/out" "still defined"
check "... its neighbours were watched too" test "$(column guests guest | wc -w)" = 3
check "... it is complete" test -e "$result/COMPLETE"
check "they are the guests that they were" same_guests
check "their hearts beat" beats

check "a colleague migrates one of them" colleague 1 0
result=$work/results/keep
export LIBVIRT_LOG_OUTPUTS="4:file:$work/results/libvirt.log" # what libvirt refuses
plan --yes --empty b --keep-definitions -o "$result"
unset LIBVIRT_LOG_OUTPUTS
check "the others move, which is not all" exits 1
check "... it is said" contains "$work/out" "NOT ALL DONE: 2 of 3 VMs"
check "... nothing is asked that waits until its migration is over" \
  not grep 'state change lock' "$work/results/libvirt.log"
check "... which do" runs_on 0 lab-test web
check "... who it is left to is said, with what to do" \
  contains "$work/out" "db, on b: somebody is migrating it: wait until that is over"
check "... and the command for later" \
  grep -Eq "^ *migcost plan --host .* --keep-definitions --empty 'b' --execute --yes$" "$work/out"
check "... no advice to end one of its halves" not grep -q 'end all but one' "$work/out" "$work/err"
check "... with --keep-definitions it stays where it was" defined_on 1 1 web enable
check "... which is said, with what to do" \
  grep -q 'web is still defined on b.*starts it by itself' "$work/out"
command=$(sed -n 's/^ *web *\(virsh -c .*\)$/\1/p' "$work/out")
plan --yes --empty b -o "$work/results/alone"
check "where it is the only one that is left, the host is not empty either" exits 1
check "... which is said" verdict db busy "somebody is migrating it +wait until that is over"
check "... in the plan's words" contains "$work/out" "Empty b: no VM can be moved"
check "... no result is begun" not test -e "$work/results/alone"
check "the colleague goes away" recall 1
check "... and the guest goes on where it was" runs_on 1 db
# shellcheck disable=SC2086
check "the command for what stayed" $as sh -c "$command"
check "... moves it along" defined_on 1 0 web enable
check "... and leaves nothing" not virsh_on 1 1 dominfo web
virsh_on 1 0 undefine web

check "back again" plan --yes --empty a -o "$work/results/back"
check "... all of them" runs_on 1 $names

clash_later() { # LINE: when the first one moves, a domain of another one's name is where that is to go
  case $1 in "moving '"*) [ -z "$late" ] || return ;; *) return ;; esac
  case $1 in *"'db'"*) late=web ;; *) late=db ;; esac
  named $late && virsh_on 1 0 define "$work/$late.xml"
}

once() { # how often it was begun
  [ "$(grep -c "^moving '$late'" "$work/err")" = 1 ] || { cat "$work/err"; return 1; }
}

# brings LINE: the colleague has moved it before the plan is at its end
brings() {
  case $1 in
    "moving '"*) [ -z "$brought" ] || return ;;
    *) return ;;
  esac
  brought=yes
  virsh_on 1 1 migrate-setspeed db 1000
  wait "$colleague"
}

check "a colleague migrates one of them again" colleague 1 0
brought=
plan_and brings --empty b --parallel 1 --bandwidth '12 MiB/s' -o "$work/results/brought"
check "... and has moved it when the others have" exits 0
check "... which is said" \
  contains "$work/out" "Done: 2 of 2 VMs are where they were to go, 1 moved by others"
check "... all are away" runs_on 0 $names
check "... it is left to nobody" not contains "$work/out" "Left where they are"
check "... and all come back" plan --yes --empty a -o "$work/results/back-from-colleague"
check "... as they were" runs_on 1 $names

late=
result=$work/results/later
plan_and clash_later --empty b -o "$result"
check "one that cannot move any more when its turn comes" exits 1
check "... is tried once" once
check "... is where it was" runs_on 1 "$late"
# shellcheck disable=SC2086
check "... the others have moved" runs_on 0 $(echo "$names" | sed "s/$late//")
check "... why is said" \
  sh -c "tr -s '\n ' ' ' <'$work/out' | grep -q '$late, plan [0-9]*: failed: .*already exists'"
check "... and with which command it moves later" \
  grep -q "$late *b *migcost plan --host .* --move '$late=a' --execute --yes" "$work/out"
check "... the rest was not planned anew" not contains "$work/err" "looking at the hosts"
check "the reason is gone" virsh_on 1 0 undefine "$late"
check "that command" sh -c "cd $work/results &&
  $(sed -n "s#.*$late *b *migcost plan --host#env MIGCOST_DATADIR=$work/data \
  XDG_STATE_HOME=$work/state $as $work/bin/migcost plan --host#p" "$work/out")"
check "... moves it" runs_on 0 "$late"
check "... and back" plan --yes --empty a -o "$work/results/back-again"
result=$work/results/vanish
plan_and vanish --empty b -o "$result"
check "one that ends while the plan goes is no failure" exits 0
check "... it is told" grep -q '1 ended meanwhile' "$work/out"
check "... the hosts are not looked at again for it" \
  not contains "$work/err" "looking at the hosts and their guests again"
check "nothing of them is to be undone" not ls "$work/state/migcost/undo/"journal-*
check "the lab ends" lab_end 1
finish
