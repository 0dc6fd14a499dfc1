#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Guests boot once and are restored for each repetition: they are sound, and what they are restored
# from is nobody else's and is gone with the run, however that ends. What cannot be restored boots.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

images() { # what guests are restored from, in the lab
  find "$lab" -name '*.save'
}

are_images() { # NUMBER
  [ "$(images | wc -l)" = "$1" ] || { images; false; }
}

nobody_elses() { # only the hypervisor may read them
  [ -n "$(images)" ] && [ -z "$(find "$lab" -name '*.save' ! -perm 600)" ]
}

# sound NAME NUMBER: so many repetitions, of guests and migrations that lost nothing
sound() {
  check "$1: it succeeds" exits 0
  check "$1: the result is complete" is_complete
  check "$1: all repetitions" has_rows "$2" runs
  check "$1: which are sound" all_are ok runs status
  check "$1: so are the migrations" all_are ok migrations status
  check "$1: no heartbeat is lost" all_are 0 guests heartbeats_lost
  check "$1: nor at the switch" all_are 0 migrations lost_at_switch
  check "$1: none goes back" all_are 0 guests heartbeats_backwards
  check "$1: none is garbled" all_are 0 guests checksum_errors
  check "$1: all said that they work" all_beat
  check "$1: nothing is left" left_nothing "$(lab_of "$result")"
}

all_beat() { # a few lines of each
  [ -n "$(column guests heartbeats)" ] && [ -z "$(column guests heartbeats | grep -xE "[0-4]?")" ]
}

alike() { # a guest that is restored continues where it was saved: its first count of work is the same in each
  query heartbeats '
    $at["run"] > 1 && !seen[$at["run"], $at["guest"]]++ { print $at["guest"], $at["sequence"] }
  ' | sort | uniq -c | awk '{ n++ } $1 != 2 { bad = 1 } END { exit bad || n != 2 }' ||
    { cut -d, -f1,2,4 "$result/heartbeats.csv" | head -60; false; }
}

# the study of the smoke test: two guests, both move; and the slow one: each with less time
sed 's/settle="3 s"/settle="1 s"/; s/window="12 s"/window="3 s"/' data/studies/smoke.xml >two.xml
sed 's/"2 MiB/"8 MiB/' run-slow.xml >one-slow.xml
measure restored two.xml --repeat 3
sound restored 3
check "restored: in each repetition" all_are restored guests start
check "restored: each continues where it was saved" alike
check "restored: no warning" not grep -q "boot instead" err

measure booted run-one.xml --repeat 2 --start boot
check "booted: it succeeds" exits 0
check "booted: in each repetition" all_are booted guests start

# the one experiment's guests boot, the other's are restored
sed 's#<cases>#<experiment name="boots"><cases>#
  s#</cases>#</cases><timing start="boot" settle="2 s" baseline="500 ms" window="1 s"/></experiment>\
  <experiment name="returns"><cases><sequence>m1</sequence></cases></experiment>#' run-one.xml >starts.xml
starts_of() { # CASE
  for number in $(column runs run case_label "$1"); do column guests start run "$number"; done | sort -u
}
measure starts starts.xml --repeat 2
check "starts: it succeeds" exits 0
check "starts: what is to boot boots" test "$(starts_of boots/m)" = booted
check "starts: the others are restored" test "$(starts_of returns/m)" = restored
measure all-boot starts.xml --repeat 2 --start boot
check "starts: the option is for all" all_are booted guests start

measure once run-one.xml --repeat 1
check "once: it succeeds" exits 0
check "once: what is needed once boots" all_are booted guests start

# what is restored next is cut off meanwhile
result=$work/results/truncated
start run-one.xml --repeat 3 -o "$result"
check "truncated: a migration begins" wait_line "repetition 1 of 3: migrating"
lab=$(lab_of "$result")
check "truncated: one guest is saved" are_images 1
check "truncated: for its hypervisor alone" nobody_elses
for file in $(images); do truncate -s 100000 "$file"; done
wait_run
sound truncated 3
check "truncated: the first was restored, then guests boot" \
  test "$(column guests start | tr '\n' ' ')" = "restored booted booted "
check "truncated: which is said once" test "$(grep -c 'boot instead' err)" = 1

# interrupted with the guest saved, and killed
for signal in INT KILL; do
  result=$work/results/$signal
  start one-slow.xml --repeat 3 -o "$result"
  check "$signal: the second repetition migrates" wait_line "repetition 2 of 3: migrating"
  lab=$(lab_of "$result")
  keeper=$(keeper_of "$run_pid")
  check "$signal: one guest is saved" are_images 1
  kill -s "$signal" "$run_pid"
  wait_run
  check "$signal: the lab's keeper ends" wait_end "$keeper"
  check "$signal: no image is left, nor the lab" gone "$lab"
  sed -i '/<migration /d' "$result/study.xml"
  run "$migcost" run --resume "$result"
  check "$signal, resumed: it succeeds" exits 0
  check "$signal, resumed: guests are restored again" test "$(column guests start | tail -n 1)" = restored
  check "$signal, resumed: nothing is left" left_nothing "$(lab_of "$result")"
done
finish
