#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Guests that change places, performed: of three between two hosts, then between three, where the
# hosts' memory is too short for all at once; then of two, of which one goes over a third host. The
# waits are seen in the times of the migrations, and by virsh while they go on.
# shellcheck source-path=SCRIPTDIR source=lib-execute.sh
. "$(dirname "$0")/lib-execute.sh"

hosts=3

send() { # NAME FROM TO: by libvirt's own tool
  virsh_on 1 "$2" migrate --live "$1" "$(lab_get 1 "uri$3")" "$(lab_get 1 "migrate$3")"
}

# count LINE: what runs on each host, arriving guests included, when a migration starts; more than
# the host has room for is noted
count() {
  case $1 in "moving "*) ;; *) return ;; esac
  for at in $(each_host); do
    n=$(virsh_on 1 "$at" list --name | grep -c .)
    counted="$counted $at:$n"
    [ "$n" -le "$(echo "$room" | cut -d ' ' -f $((at + 1)))" ] || crowded="$crowded $at:$n"
  done
}

# perform ROOM-OF-EACH ARGUMENT...: guests have 96 MiB each
perform() {
  room=$1 counted='' crowded=''
  shift
  plan_and count "$@" -o "$result"
}

# kill_parked LINE: while the guest that was parked leaves the third host
kill_parked() {
  case $1 in *"moving '"*"from host 'c'"*) sleep 1 && kill -KILL $pid ;; esac
}

never_crowded() { [ -n "$counted" ] && [ -z "$crowded" ] || { echo "$counted, of $room"; false; }; }

waits() { # NAME OTHER: its migration starts when the other's has ended
  query migrations '
    $at["guest"] == one { start = $at["start_ns"] }
    $at["guest"] == other && !end { end = $at["end_ns"] }
    END { print one " starts at " start ", " other " ends at " end
          exit !(start != "" && end != "" && start + 0 >= end + 0) }' one="$1" other="$2"
}

middle() { # the guest that left host a second: the first one has to go before db can come
  column migrations guest | grep -v db | sed -n 2p
}

as_user || as_self
check "files" ship
check "a lab of three hosts" lab_up 1 hosts=3
[ "$failures" = 0 ] || finish # without one virsh would talk to this machine's own daemon
check "guests" start_guests
check "... one of them on another host" send db 0 1

two="--move lab-test=b --move web=b --move db=a --parallel 2"
plan $two --memory a=200MiB --memory b=200MiB
check "without --yes nothing is begun" exits 2
check "... who waits for memory is said" \
  grep -q 'db: .* s, until .* has left a' "$work/out"
check "... and the guests are where they were" runs_on 1 db
result=$work/results/two
perform "2 2 9" $two --memory a=200MiB --memory b=200MiB
check "three guests change places between two hosts" exits 0
check "... each is where it was to go" runs_on 1 lab-test web
check "... the third too" runs_on 0 db
check "... no host ever had more than it has memory for" never_crowded
check "... all were sound" holds migrations status "ok ok ok"
check "... db came when one had left" waits db "$(column migrations guest | head -n 1)"
check "... and the last one left when db had" waits "$(middle)" db
check "... it is done" contains "$work/out" "Done: 3 of 3 VMs"

check "one on each host" send web 1 2
three="--move db=b --move lab-test=c --move web=a --parallel 2"
result=$work/results/three
perform "2 1 1" $three --memory a=200MiB --memory b=100MiB --memory c=100MiB
check "three guests change places between three hosts" exits 0
check "... each is where it was to go" runs_on 0 web
check "... the second" runs_on 1 db
check "... the third" runs_on 2 lab-test
check "... no host ever had more than it has memory for" never_crowded
check "... one waited for the other" waits lab-test web
check "... and the last for that one" waits db lab-test
check "they are the guests that they were" same_guests

circle="--move web=b --move db=c --move lab-test=a"
plan $circle --yes --memory 100MiB -o "$work/results/full"
check "a circle without any room is refused" exits 1
check "... with what is missing" \
  contains "$work/err" "3 VMs wait for each other's memory and no other host has room"
check "... before anything moves" runs_on 0 web

result=$work/results/parked
perform "1 1 2" --move web=b --move db=a --memory 100MiB --memory c=200MiB
check "two guests change places over a third host" exits 0
check "... each is where it was to go" runs_on 1 web
check "... the other too" runs_on 0 db
check "... that is said" contains "$work/out" "1 of them over a third host"
check "... no host ever had more than it has memory for" never_crowded
check "... three migrations" holds migrations status "ok ok ok"
check "... the result can be read" is_result
check "they are the guests that they were, still" same_guests

result=$work/results/killed
plan_and kill_parked --move web=a --move db=b --memory 100MiB --memory c=200MiB --direct \
  --bandwidth "8 MiB/s" -o "$result"
check "killed on the second way of one that goes over a third host" test "$status" = 137
run migcost_command plan --execute --yes --resume "$result"
check "... the execution goes on" exits 0
check "... with what was left" contains "$work/err" "going on as planned before: 1 migrations"
check "... what was broken off has its row" holds migrations status "ok ok aborted ok"
check "... of the second way" [ "$(column migrations source | tail -n 2 | tr '\n' ' ')" = "c c " ]
check "... each is where it was to go" runs_on 0 web
check "... the other too" runs_on 1 db
check "they are the guests that they were, to the end" same_guests
check "nothing of them is to be undone" not ls "$work/state/migcost/undo/"journal-*
check "the lab ends" lab_end 1
finish
