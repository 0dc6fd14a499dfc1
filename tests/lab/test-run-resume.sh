#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# A run goes on where it began: on hosts that the command line named, with its other options, and nowhere else.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

trap '[ -z "${lab-}" ] || "$migcost" lab down "$lab" >/dev/null 2>&1; tear_down' EXIT

up() { # a lab that outlives the command: its directory, and the hosts' URIs
  run "$migcost" lab up && exits 0 || return 1
  lab=$(sed -n 's/^End it with: migcost lab down //p' out)
  source=$(sed -n 's/^source *//p' out) destination=$(sed -n 's/^destination *//p' out)
  [ -d "$lab" ] && [ -n "$source" ] && [ -n "$destination" ]
}

# other scripts' labs come and go beside this one
starts_no_lab() { # the run that goes on
  pgrep -P "$run_pid" -a >children || return 0
  ! grep -F migcost-lab children
}

on_its_hosts() { # the guest, wherever it is by now
  { virsh -q -c "$source" list --name; virsh -q -c "$destination" list --name; } >names
  contains names migcost-m1
}

# copy NAME SCRIPT: what was interrupted, with another environment
copy() {
  result=$work/results/$1
  cp -R "$work/results/begun" "$result" && sed -i "$2" "$result/environment.csv" &&
    ! cmp -s "$work/results/begun/environment.csv" "$result/environment.csv"
}

measured_nothing() { # since
  column runs status >statuses && [ "$(cat statuses)" = interrupted ]
}

completes() { # ARGUMENT...
  run "$migcost" run --resume "$result" "$@"
  exits 0 && is_complete && [ "$(column runs status | tail -n 1)" = ok ]
}

has_schedule() { # ROW...
  [ "$(sed 1d "$result/schedule.csv" | xargs)" = "$1" ] || { cat "$result/schedule.csv"; false; }
}

kept() { # NAME=VALUE
  contains "$result/environment.csv" "migcost,option,$1"
}

check "a lab" up
[ "$failures" = 0 ] || finish

result=$work/results/begun
start run-slow.xml -o "$result" --source "$source" --destination "$destination" --start boot \
  --keep-definitions
check "a run on its hosts begins to migrate" wait_line migrating
kill -s INT "$run_pid"
wait_run
check "... and is interrupted" exits 1
check "... its hosts are kept, by name" kept "\"host=source=$source\""
check "... both of them" kept "\"host=destination=$destination\""
check "... so is how guests start" kept start=boot
check "... and a flag" kept keep-definitions=yes
# it was slow so that there is time to interrupt it
sed -i '/<migration /d' "$result/study.xml"

check "another driver" copy driver 's/^source,driver,QEMU/source,driver,Xen/'
check "... is refused" fails_with 1 "host 'source' is not as it was when the run began: its driver was 'Xen'" \
  "$migcost" run --resume "$result"
check "... and measures nothing" measured_nothing
check "a result whose hosts nobody kept" copy old '/^migcost,option,/d'
check "... does not go on in a lab of its own" \
  fails_with 2 "did not begin in the lab; name its hosts with --source" "$migcost" run --resume "$result"
check "... and measures nothing" measured_nothing
check "... but on the hosts that are named again" \
  completes --source "$source" --destination "$destination"
check "a host that is elsewhere now" copy moved \
  's#^migcost,option,"*host=destination=.*#migcost,option,host=destination=test:///none,#'
check "... does not answer" \
  fails_with 1 "cannot connect to host 'destination' (test:///none)" "$migcost" run --resume "$result"
check "... until it is named anew" completes --host "destination=$destination"
check "... which is kept, too" kept "\"host=destination=$destination\""

result=$work/results/begun
start_command run --resume "$result"
check "resumed without options" wait_line "migrating"
check "... it starts no lab of its own" starts_no_lab
check "... its guest is on the hosts it began with" on_its_hosts
wait_run
check "... it succeeds" exits 0
check "... it is complete" is_complete
check "... the guest booted, as was asked for" all_are booted guests start
check "no more than it had" fails_with 2 "give more" "$migcost" run --resume "$result" --repeat 1
check "... it stays complete" is_complete
run "$migcost" run --resume "$result" --repeat 2
check "another repetition" exits 0
check "... is run on the same hosts, and the first is not" statuses ok 2
check "... it is complete again" is_complete
check "... both are in the plan" has_schedule "1,m,1 2,m,2"
check "the lab ends" "$migcost" lab down "$lab"
check "nothing is left" left_nothing "$lab"
finish
