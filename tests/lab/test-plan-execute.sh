#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# A plan that is performed on guests that run: nothing without --yes; an interrupt; one guest that cannot move while the
# others do; then all. Guests are seen by virsh and by their heartbeats, not by what migcost says.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

names="lab-test web db"

ship() { # what migcost reads, where another user can
  mkdir -p "$work/data/studies" && mkdir -m 777 "$work/results" "$work/state" && cp "$top_builddir/migcost" "$work/bin/" &&
    cp "$top_srcdir"/studies/*.rng "$work/data/studies/" && chmod -R a+rX "$work/data"
}

# named NAME: the guest's XML with another name, and so another UUID, and a workload whose heart beats
named() {
  case $1 in
    db) workload="memory wss=2000000 rate=100" ;;
    *) workload=idle ;;
  esac
  sed "s/lab-test/$1/; s/panic=-1/& -- $workload period=100ms/" "$work/guest.xml" >"$work/$1.xml"
}

start_guests() {
  guest_xml 1
  for name in $names; do
    named "$name" && virsh_on 1 0 create "$work/$name.xml" || return 1
    uuids="$uuids $(virsh_on 1 0 domuuid "$name")"
  done
}

plan() { # ARGUMENT...: in $work/out and $work/err; a run's result is $result
  # shellcheck disable=SC2086
  run env MIGCOST_DATADIR="$work/data" XDG_STATE_HOME="$work/state" $as env --default-signal=INT \
    "$work/bin/migcost" plan --host "a=$(lab_get 1 uri0)" --host "b=$(lab_get 1 uri1)" --empty a \
    --migrate-uri "a=$(lab_get 1 migrate0)" --migrate-uri "b=$(lab_get 1 migrate1)" --execute "$@"
}

exits() { # STATUS
  [ "$status" = "$1" ] || { echo "exit status $status, expected $1"; cat "$work/out" "$work/err"; return 1; }
}

# runs_on HOST NAME...: on that host and on no other
runs_on() {
  host=$1
  shift
  for name in "$@"; do
    [ "$(virsh_on 1 "$host" domstate "$name" 2>&1)" = running ] &&
      ! virsh_on 1 $((1 - host)) domstate "$name" 2>/dev/null | grep -Eq 'running|paused' || {
      echo "$name: $(virsh_on 1 0 domstate "$name" 2>&1), $(virsh_on 1 1 domstate "$name" 2>&1)"
      return 1
    }
  done
}

same_guests() { # by their UUIDs, wherever they are
  for name in $names; do
    virsh_on 1 0 domuuid "$name" 2>/dev/null || virsh_on 1 1 domuuid "$name"
  done >"$work/uuids.now"
  for uuid in $uuids; do
    grep -q "$uuid" "$work/uuids.now" || { echo "$uuid is gone"; cat "$work/uuids.now"; return 1; }
  done
}

# column TABLE NAME: its cells in one line
column() {
  awk -F, -v name="$2" '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { line = line (NR > 2 ? " " : "") $at[name] }
    END { print line }' "$result/$1.csv"
}

holds() { # TABLE COLUMN TEXT
  [ "$(column "$1" "$2")" = "$3" ] || { echo "$1.$2: '$(column "$1" "$2")', expected '$3'"; return 1; }
}

is_result() { # what a result directory has, and what is known of each migration
  for file in MANIFEST run.log environment.csv guests.csv samples.csv events.csv rounds.csv predictions.csv; do
    [ -s "$result/$file" ] || { echo "no $file"; ls "$result"; return 1; }
  done
  "$work/bin/migcost" report "$result"
}

# slowly: at a rate that leaves time to interrupt it
interrupted() {
  result=$work/results/interrupted
  mkfifo "$work/progress"
  : >"$work/err"
  # shellcheck disable=SC2086
  env MIGCOST_DATADIR="$work/data" XDG_STATE_HOME="$work/state" $as env --default-signal=INT "$work/bin/migcost" plan \
    --host "a=$(lab_get 1 uri0)" --host "b=$(lab_get 1 uri1)" --empty a --migrate-uri "b=$(lab_get 1 migrate1)" \
    --bandwidth '4 MiB/s' --execute --yes -o "$result" >"$work/out" 2>"$work/progress" 3>&- 4>&- &
  pid=$!
  while IFS= read -r line; do
    echo "$line" >>"$work/err"
    case $line in "moving "*) sleep 1; kill -INT $pid ;; esac
  done <"$work/progress"
  status=0
  wait $pid || status=$?
}

clash() { # another domain of a guest's name, where that one is to go
  named web && virsh_on 1 1 define "$work/web.xml"
}

beats() { # on the destination, as the guest itself says
  console_open 1 1 && contains "$work/console.out" "@H " && console_end
}

uuids=
as_user || as_self
check "files" ship
check "a lab" lab_up 1
[ "$failures" = 0 ] || finish # without one virsh would talk to this machine's own daemon
check "guests" start_guests

plan
check "without --yes nothing is begun" exits 2
check "... it is said" contains "$work/err" "nothing was moved: this plan migrates 3 guests; give --yes"
check "... the plan is shown" grep -Eq '^ +[123] +web +a +b ' "$work/out"
check "... and the guests are where they were" runs_on 0 $names

interrupted
check "an interrupt ends it" exits 1
check "... it says what it does" contains "$work/err" "stopping: migrations are aborted"
check "... the migration was aborted" holds migrations status aborted
check "... the run is interrupted" holds runs status interrupted
check "... all guests run where they were" runs_on 0 $names
check "... which is said" grep -Eq 'aborted .* a$' "$work/out"
check "... the result can be read" is_result
check "... and is not complete" not test -e "$result/COMPLETE"

check "a domain that is in the way" clash
result=$work/results/clash
plan --yes -o "$result"
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
plan --yes -o "$result" --link '1 Gbit/s'
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
