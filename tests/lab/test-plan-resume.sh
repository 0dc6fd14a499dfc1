#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# An execution that is killed goes on where it was: while guests are copied by their hosts, which go
# on without migcost, and by migcost itself, whose migrations end with it. Where guests are is asked
# of virsh; rows that were written stay.
# shellcheck source-path=SCRIPTDIR source=lib-execute.sh
. "$(dirname "$0")/lib-execute.sh"

slow='8 MiB/s' # so that there is time to kill
order='' source=''

# slow_down NAME: once its memory is sent: what is asked for before may be forgotten
slow_down() {
  for try in $(seq 100); do
    virsh_on 1 "$source" domjobinfo "$1" | grep -q '^Memory processed: *[1-9]' && break
    sleep 0.1
  done
  virsh_on 1 "$source" migrate-setspeed "$1" 1
}

# killed LINE: while the second guest moves; where its host $source goes on with it, so slowly that
# it still does when the plan is resumed
killed() {
  case $1 in
    *"moving '"*)
      order="$order $(expr "$1" : ".*moving '\([^']*\)'")"
      # shellcheck disable=SC2086
      set -- $order
      [ $# -ge 2 ] || return
      sleep 1
      [ -z "$source" ] || slow_down "$2"
      kill -KILL $pid
      ;;
  esac
}

resume() { # ARGUMENT...: what it does, in $work/out and $work/err
  run migcost_command plan --execute --resume "$result" "$@"
}

# hurry LINE: the migration that is waited for has gone on, as was to be seen
hurry() {
  case $1 in
    *"waiting for its end"*)
      # shellcheck disable=SC2086
      set -- $order
      virsh_on 1 "$source" migrate-setspeed "$2" 1000
      ;;
  esac
}

# unlimited: what is left of it; the limit is there to give time to kill
unlimited() {
  grep -q 'name="bandwidth"' "$result/study.xml" && sed -i '/name="bandwidth"/d' "$result/study.xml"
}

rows() { # all of a table's that were there, are
  head -n "$(wc -l <"$work/before.csv")" "$result/migrations.csv" | cmp - "$work/before.csv"
}

moved_once() { # each guest arrived once
  column migrations guest status ok | sort | uniq -c | awk '{ n += $1 == 1 } END { exit n != 3 || NR != 3 }' ||
    { cat "$result/migrations.csv"; return 1; }
}

# killed_at_once LINE: while the only guest moves
killed_at_once() {
  case $1 in
    *"moving '"*) sleep 1; kill -KILL $pid ;;
  esac
}

one_on_each() { # two guests are on a, as they were, and one on b
  [ "$(for name in $names; do where "$name"; echo; done | sort | paste -s -d ' ')" = "0 0 1" ] ||
    { for name in $names; do echo "$name: $(where "$name")"; done; false; }
}

qemus_of() { # GUEST: numbers of its processes, on whichever host
  for number in $(processes_of "$lab"); do
    ! tr '\0' '\n' 2>/dev/null <"/proc/$number/cmdline" | grep -q "^guest=$1," || echo "$number"
  done
}

# lose LINE: migcost, and what both hosts have of the guest that it moves: nobody shut that down
lose() {
  case $1 in
    *"moving '"*)
      lost=$(expr "$1" : ".*moving '\([^']*\)'")
      for _ in $(seq 300); do
        pids=$(qemus_of "$lost")
        [ "$(echo "$pids" | wc -l)" -lt 2 ] || break
        sleep 0.1
      done
      # shellcheck disable=SC2086 # numbers
      kill -KILL $pid $pids
      ;;
  esac
}

# timed: each migration has an end, and was seen to stop and to go on
timed() {
  for part in end_ns suspended_ns resumed_ns; do
    [ "$(column migrations $part | grep -c '[0-9]')" = 3 ] || { cat "$result/migrations.csv"; return 1; }
  done
}

# seen_by_second TABLE: of the guest that was on its way, more rows than when migcost was killed
seen_by_second() {
  # shellcheck disable=SC2086
  set -- "$1" $order
  [ "$(grep -c ",$3," "$result/$1.csv")" -gt "$(grep -c ",$3," "$work/before-$1.csv")" ] ||
    { cat "$result/$1.csv"; return 1; }
}

# crawl LINE: what is waited for sends faster than its guest updates memory, but not much
crawl() {
  case $1 in
    *"waiting for its end"*) virsh_on 1 "$source" migrate-setspeed db 4 ;;
  esac
}

# ruled: the stop rule ended it, of which the second process has the event
ruled() {
  grep -Eq ",db,stop-rule,(pages|rounds)$" "$result/events.csv" || { cat "$result/events.csv"; return 1; }
}

# abandon LINE: its source goes on with it, so slowly that it never ends
abandon() {
  case $1 in
    *"moving 'db'"*)
      slow_down db
      kill -KILL $pid
      ;;
  esac
}

# drive_by_rule DIRECTORY: of the result; migcost is killed meanwhile
drive_by_rule() {
  result=$work/results/$1
  # shellcheck disable=SC2046
  plan_and abandon --move db=b $(peers) --bandwidth "$slow" --stop-rule xen-4.6 -o "$result"
}

watch_crawl() { hear crawl migcost_command plan --execute --resume "$result" --yes; }

# ruled_once: in one of three tries: a guest that other work keeps from its CPU updates so little memory that QEMU
# ends its migration before the rule does
ruled_once() {
  for again in 1 2; do
    ! ruled || return 0
    plan --yes --move db=a -o "$work/results/unruled-$again"
    drive_by_rule "ruled-$again"
    watch_crawl
  done
  ruled
}

as_user || as_self
check "files" ship
check "a lab" lab_up 1
[ "$failures" = 0 ] || finish # without one virsh would talk to this machine's own daemon
check "guests" start_guests

result=$work/results/direct
plan_and killed --empty a --direct --bandwidth "$slow" -o "$result"
check "a killed execution" test "$status" = 137
cp "$result/migrations.csv" "$work/before.csv"
check "... has one migration that ended" test "$(wc -l <"$work/before.csv")" = 2
"$work/bin/migcost" report "$result" >"$work/report" 2>&1
check "the report says how to go on" \
  contains "$work/report" "migcost plan --execute --yes --resume $result"
resume
check "without --yes nothing goes on" exits 2
check "... which is said" contains "$work/err" "dry run"
resume --yes --empty a
check "other options are refused" exits 2
check "... whose rest is not to be slow" unlimited
resume --yes
check "it goes on, and comes to its end" exits 0
check "... as it was planned" contains "$work/err" "going on as planned before: 2 migrations"
check "... the broken one is told" contains "$work/err" "migcost ended before it did"
check "... all guests have moved" runs_on 1 $names
check "... each once" moved_once
check "... rows that were there are" rows
check "... its report counts all" contains "$work/out" "Done: 3 of 3 VMs"
check "... it is complete" test -e "$result/COMPLETE"
resume --yes
check "a complete one is not resumed" exits 1
check "... which is said" contains "$work/err" "is complete"

order='' source=1
result=$work/results/peer
# shellcheck disable=SC2046
plan_and killed --empty b $(peers) --bandwidth "$slow" -o "$result"
check "killed while the source drives the migration" test "$status" = 137
cp "$result/migrations.csv" "$work/before.csv"
for table in rounds events; do cp "$result/$table.csv" "$work/before-$table.csv"; done
check "... peer-to-peer" holds migrations control peer-to-peer
check "... the rest of which is not to be slow" unlimited
hear hurry migcost_command plan --execute --resume "$result" --yes
check "it finds the migration that went on" contains "$work/err" "still goes on: waiting for its end"
check "... counts it, and does the rest" exits 0
check "... all guests have moved" runs_on 0 $names
check "... each once" moved_once
check "... rows that were there are" rows
check "... the interrupted run has its row" contains "$result/runs.csv" "interrupted"
check "... what it waited for is measured" timed
check "... its rounds" seen_by_second rounds
check "... and its events" seen_by_second events
check "they are the guests that they were" same_guests

# All three are on a; of each host's memory a guest has a quarter.
result=$work/results/balance
# shellcheck disable=SC2046
plan_and killed_at_once --balance memory --within 15% --memory '384 MiB' $(peers) -o "$result"
check "killed while hosts are balanced" test "$status" = 137
check "... which guest goes where is kept" \
  grep -Eq 'name="move" value="[a-z-]+=b"' "$result/study.xml"
resume --yes
check "hosts that are balanced by then are no failure" exits 0
check "... it is complete" test -e "$result/COMPLETE"
check "... nor does another guest move" has_rows 1 migrations
check "... that one has" one_on_each
plan --yes --empty b -o "$work/results/back"
check "... it returns" exits 0

result=$work/results/fallback
plan --yes --empty a --peer-uri "b=qemu+tcp://nowhere.invalid/session" -o "$result"
check "where the source does not reach the destination, migcost does" exits 0
check "... which is said" contains "$work/err" "directly, not peer-to-peer"
check "... all guests have moved" runs_on 1 $names
check "... in their rows" holds migrations control "direct direct direct"

source=1
result=$work/results/late
# shellcheck disable=SC2046
plan_and abandon --move db=a $(peers) --bandwidth "$slow" --timeout 15 -o "$result"
check "killed while the source drives one that never ends" test "$status" = 137
check "... the next one of which is not to be slow" unlimited
resume --yes
check "its timeout holds without the process that began it" \
  contains "$work/err" "'db' has not moved after 15.0 s"
check "... its row" grep -q 'timed-out,"*migcost ended before it did, and it was aborted at its timeout' \
  "$result/migrations.csv"
check "... it is tried once more" exits 0
check "... and has moved" runs_on 0 db

source=0
drive_by_rule ruled
check "killed while the source drives one with a stop rule" test "$status" = 137
check "... which was not imposed yet" not ruled
watch_crawl
check "it is watched to its end" exits 0
check "... the guest has moved" runs_on 1 db
check "... its stop rule ended it" ruled_once
check "... which its row says" holds migrations stop_rule xen-4.6
check "... with the technique" holds migrations technique pre-copy
check "nothing of them is to be undone" not ls "$work/state/migcost/undo/"journal-*

lab=$(lab_get 1 directory)
result=$work/results/lost
plan_and lose --move lab-test=a --direct --bandwidth "$slow" -o "$result"
check "killed together with the guest that it moves" test "$status" = 137
resume --yes
check "a guest that is on no host is no success" exits 1
check "... it is told" contains "$work/err" "the guest is lost: it is on no host"
check "... its migration has failed" holds migrations status failed
check "... it has not ended meanwhile" not contains "$work/out" "ended meanwhile"
check "... nor can it be moved later" not contains "$work/out" "To move later"
check "... nor is anything done" contains "$work/out" "NOT ALL DONE: 0 of 1 VMs"
check "the lab ends" lab_end 1
finish
