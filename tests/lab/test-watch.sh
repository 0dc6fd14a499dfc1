#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# A watch records what virsh starts: migrations that succeed, one that is aborted, one that gives
# the guest another name; tells saves and dumps from them; and changes nothing, the completed
# statistics that others may want included.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# watch_start DIRECTORY HOST...: the lab's hosts of these numbers are host1, host2 ... of the watch
watch_start() {
  directory=$work/$1
  shift
  uris=
  for host in "$@"; do uris="$uris $(lab_get 1 "uri$host")"; done
  mkdir -m 777 "$directory"
  result=$directory/results/0001
  rm -f "$work/watch.pipe"
  mkfifo "$work/watch.pipe"
  # shellcheck disable=SC2086
  $as env --default-signal=INT "$work/bin/migcost" watch --metrics "$directory/m.prom" \
    -o "$directory/results" $uris 2>"$work/watch.pipe" >"$work/watch.out" 3>&- 4>&- &
  watch=$!
  exec 6<"$work/watch.pipe"
  wait_line "watching host$#"
}

wait_line() { # TEXT
  while IFS= read -r line <&6; do
    printf '%s\n' "$line" >>"$work/watch.err"
    case $line in *"$1"*) return 0 ;; esac
  done
  echo "no line '$1'"
  cat "$work/watch.err"
  return 1
}

watch_end() {
  kill -INT "$watch"
  cat <&6 >>"$work/watch.err"
  exec 6<&-
  wait "$watch"
}

# cell ROW COLUMN: of migrations.csv
cell() {
  column migrations "$2" | sed -n "$1p"
}

# one that moved: the beginning, the switch and the end in their order, and the hypervisor's figures
is_whole() { # ROW FROM TO
  [ "$(cell "$1" status)" = ok ] && [ "$(cell "$1" source)" = "$2" ] &&
    [ "$(cell "$1" destination)" = "$3" ] &&
    [ "$(cell "$1" start_ns)" -lt "$(cell "$1" suspended_ns)" ] &&
    [ "$(cell "$1" suspended_ns)" -lt "$(cell "$1" resumed_ns)" ] &&
    [ "$(cell "$1" resumed_ns)" -lt "$(cell "$1" end_ns)" ] &&
    [ "$(cell "$1" sent_bytes)" -gt 0 ] && [ -n "$(cell "$1" downtime_reported_ns)" ] || {
    cat "$result/migrations.csv" "$result/events.csv"
    false
  }
}

has_hypervisors_word() {
  [ "$(cell 1 status)" = ok ] && [ "$(cell 1 source),$(cell 1 destination)" = host1, ] &&
    [ "$(cell 1 downtime_reported_ns)" -gt 0 ] && [ "$(cell 1 sent_bytes)" -gt 0 ] ||
    { cat "$result/migrations.csv"; false; }
}

# aborted: on a link that is slow for it, so that it is under way when it is aborted
migrate_and_abort() {
  virsh_on 1 0 migrate-setspeed lab-test 1 || return 1
  guest_migrate 1 0 1 >"$work/aborted.log" 2>&1 3>&- 4>&- &
  migration=$!
  until virsh_on 1 0 domjobinfo lab-test | grep -q 'Memory processed'; do
    kill -0 "$migration" || { cat "$work/aborted.log"; return 1; }
  done
  virsh_on 1 0 domjobabort lab-test
  not wait "$migration"
}

dump_and_save() {
  virsh_on 1 0 dump --live lab-test "$work/watch/core" && rm -f "$work/watch/core" || return 1
  wait_line "lab-test on host1: dump, no migration" || return 1
  virsh_on 1 0 save lab-test "$work/watch/saved" && virsh_on 1 0 restore "$work/watch/saved"
}

renamed() {
  virsh_on 1 0 migrate --live --dname other lab-test "$(lab_get 1 uri1)" "$(lab_get 1 migrate1)"
}

keeps_completed() {
  virsh_on 1 1 domjobinfo other --completed --keep-completed | grep -q Completed
}

neighbours() { # CPU samples before, during and after the first migration
  query samples '
    $at["run"] == 1 { t = $at["time_ns"]; n[t < start ? "before" : t > end ? "after" : "during"]++ }
    END { print n["before"], n["during"], n["after"]; exit !(n["before"] && n["after"]) }' \
    start="$(cell 1 start_ns)" end="$(cell 1 end_ns)"
}

metric() { # LINE
  grep -qxF -- "$1" "$directory/m.prom" || { cat "$directory/m.prom"; return 1; }
}

under_way() { # back to host1, so slowly that it goes on when the next watch begins
  # shellcheck disable=SC2086 # an option, or none
  virsh_on 1 1 migrate --live $postcopy --bandwidth 1 other "$(lab_get 1 uri0)" "$(lab_get 1 migrate0)" \
    >"$work/under-way.log" 2>&1 3>&- 4>&- &
  migration=$!
  until virsh_on 1 1 domjobinfo other | grep -q '^Memory processed: *[1-9]'; do
    kill -0 "$migration" || { cat "$work/under-way.log"; return 1; }
  done
}

shown() { # while it goes on
  until grep -qx 'migcost_watch_migrations_running 1' "$directory/m.prom" 2>/dev/null; do
    kill -0 "$migration" || { cat "$work/under-way.log" "$directory/m.prom"; return 1; }
    sleep 0.1
  done
}

faster() { virsh_on 1 1 migrate-setspeed other 1000 && wait "$migration"; }

post_copy() { virsh_on 1 1 migrate-postcopy other && wait "$migration"; }

standstill() { # longer than a busy machine would make it wait
  kill -STOP "$watch"
  sleep 4
  kill -CONT "$watch"
  wait_line "migcost itself stood still"
}

as_user || as_self
cp "$top_builddir/migcost" "$work/bin/"
check "a lab" lab_up 1
check "a guest" guest_start 1
check "the watch begins" watch_start watch 0 1
sleep 2 # so that it has looked at CPU times before, once a second, on a busy machine, too
check "virsh migrates the guest" guest_migrate 1 0 1
check "that is told" wait_line "lab-test: moved from host1 to host2"
check "virsh migrates it back" guest_migrate 1 1 0
check "that is told too" wait_line "lab-test: moved from host2 to host1"
check "virsh aborts a migration" migrate_and_abort
check "its failure is told" wait_line "lab-test: did not move from host1"
check "the guest goes on where it was" guest_runs_on 1 0
check "a dump and a save" dump_and_save
check "a migration with another name" renamed
check "it is one" wait_line "lab-test: moved from host1 to host2"
check "its statistics are left to others" keeps_completed
check "a watch that was stopped says so" standstill
check "the watch ends" watch_end
check "it counts them" \
  grep -q "^Migrations seen: 4, failed: 1; saves, dumps and snapshots: 2\\." "$work/watch.out"
check "the result is complete" [ -e "$result/COMPLETE" ]
check "the first migration is whole" is_whole 1 host1 host2
check "the second is" is_whole 2 host2 host1
check "the third failed" [ "$(cell 3 status)" = failed ]
check "the fourth is whole, whatever its name there" is_whole 4 host1 host2
check "... so does an event" grep -q ',standstill,' "$result/events.csv"
check "metrics count what moved" metric \
  'migcost_watch_migrations_total{source="host1",destination="host2",result="ok"} 2'
check "... what did not" metric \
  'migcost_watch_migrations_total{source="host1",destination="host2",result="failed"} 1'
check "... what is no migration" metric 'migcost_watch_other_jobs_total 2'
check "... and that nothing goes on" metric 'migcost_watch_migrations_running 0'
check "rounds are recorded" [ "$(wc -l <"$result/rounds.csv")" -gt 3 ]
check "CPU times from before to after" neighbours
check "the report reads it" "$work/bin/migcost" report "$result"
postcopy=
if offers_post_copy; then postcopy=--postcopy; fi
check "a migration goes on" under_way
check "a watch begins now" watch_start later 0 1
check "it shows the migration" shown
if [ -n "$postcopy" ]; then
  check "which ends by post-copy" post_copy
  check "that is told" wait_line "by post-copy"
else
  check "which comes to its end" faster
  check "that is told" wait_line "other: moved from host2 to host1"
fi
check "the watch ends" watch_end
check "it has seen it" grep -q "^Migrations seen: 1, failed: 0" "$work/watch.out"
check "... as sound" [ "$(cell 1 status),$(cell 1 source),$(cell 1 destination)" = ok,host2,host1 ]
check "... what ended its copying" [ "$(cell 1 stopped_by)" = "${postcopy:+post-copy}" ]
check "... and tells since when" grep -q 'went on when the watch began' "$result/events.csv"
check "a watch of the source alone begins" watch_start source 0
check "the guest moves from it" virsh_on 1 0 migrate --live other "$(lab_get 1 uri1)" "$(lab_get 1 migrate1)"
check "that is told, from one side" wait_line "other: moved from host1 to elsewhere"
check "the watch ends" watch_end
check "it has the hypervisor's word on the whole" has_hypervisors_word
postcopy=
check "a migration goes on again" under_way
check "a watch begins now" watch_start cut 0 1
check "it shows the migration" shown
check "the watch ends before it" watch_end
check "which has not failed" grep -q "^Migrations seen: 1, failed: 0, end not seen: 1;" "$work/watch.out"
check "... in its row" [ "$(cell 1 status),$(cell 1 source)" = interrupted,host2 ]
check "a watch of its destination alone begins" watch_start destination 0
check "it shows the migration" shown
check "which comes to its end" faster
check "that is told, from the other side" wait_line "other: moved from elsewhere to host1"
check "the watch ends" watch_end
check "it has seen it" grep -q "^Migrations seen: 1, failed: 0;" "$work/watch.out"
check "the lab ends" lab_end 1
finish
