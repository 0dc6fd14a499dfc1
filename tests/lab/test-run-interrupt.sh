#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Stopped in the middle of a migration, gently or not: what is measured can be read and gone on
# with, and nothing of the run is left; after kill -9 not later than the next start.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

# migrating NAME: a run that has begun its migration
migrating() {
  result=$work/results/$1
  start run-slow.xml -o "$result"
  check "$1: the migration begins" wait_line "migrating"
  lab=$(lab_of "$result")
  keeper=$(keeper_of "$run_pid")
  check "$1: its lab is known" test -n "$lab"
  check "$1: which has processes" not no_processes_of "$lab"
}

one_line_of_error() { # TEXT
  [ "$(grep -c '^migcost: ' err)" = 1 ] && grep '^migcost: ' err | grep -qF -- "$1" ||
    { cat err; false; }
}

# Without the limit on its bandwidth: it is only there to give time.
resumed() { # NAME
  sed -i '/<migration /d' "$result/study.xml"
  # shellcheck disable=SC2086
  run $as "$migcost" run --resume "$result"
  check "$1, resumed: it succeeds" exits 0
  check "$1, resumed: the result is complete" is_complete
  check "$1, resumed: the repetition is there and sound" \
    test "$(column runs status | tail -n 1)" = ok
  check "$1, resumed: so is its migration" test "$(column migrations status | tail -n 1)" = ok
  check "$1, resumed: nothing is left" left_nothing "$(lab_of "$result")"
}

interrupted() { # SIGNAL [SIGNAL]: the other one at once behind it, as timeout and service managers do
  migrating "$1"
  kill -s "$1" "$run_pid"
  [ -z "${2-}" ] || kill -s "$2" "$run_pid"
  check "$1: it says what it does" wait_line "stopping: "
  wait_run
  check "$1: exit status" exits 1
  check "$1: no table is printed" test ! -s out
  check "$1: one line of error" one_line_of_error "interrupted"
  check "$1: the repetition is interrupted" all_are interrupted runs status
  check "$1: the migration was aborted" all_are aborted migrations status
  check "$1: the result is not complete" not is_complete
  check "$1: the result can be read" is_readable
  check "$1: nothing is left" left_nothing "$lab"
}

killed() {
  migrating KILL
  kill -s KILL "$run_pid"
  wait_run
  check "KILL: exit status" exits 137
  check "KILL: the lab's keeper ends" wait_end "$keeper"
  check "KILL: no process of the lab is left" no_processes_of "$lab"
  check "KILL: nor its directory" gone "$lab"
  check "KILL: the result is not complete" not is_complete
  check "KILL: the result can be read" is_readable
  check "KILL: its journal is left" not no_journal
  killed_lab=$lab
  resumed KILL
  check "KILL, resumed: nor anything of the old run" left_nothing "$killed_lab"
}

# twice, a second apart, while a daemon that stands still keeps it from ending: the next start tidies up
twice() {
  migrating "INT twice"
  kill -s STOP "$(daemon_of "$lab" 0)"
  kill -s INT "$run_pid"
  check "INT twice: it says what it does" wait_line "stopping: "
  sleep 1
  kill -s INT "$run_pid"
  wait_run
  check "INT twice: exit status" exits 130
  check "INT twice: the lab's keeper ends" wait_end "$keeper"
  check "INT twice: no process of the lab is left" no_processes_of "$lab"
  check "INT twice: nor its directory" gone "$lab"
  check "INT twice: the result can be read" is_readable
  check "INT twice: the next start" fails_with 1 "CPU 99" "$migcost" run no-cpu.xml -o results/next
  check "INT twice: leaves nothing" left_nothing "$lab"
}

interrupted INT
resumed INT
interrupted TERM HUP
killed
sed '/destination/s/cpu="0"/cpu="99"/' run-one.xml >no-cpu.xml
twice
finish
