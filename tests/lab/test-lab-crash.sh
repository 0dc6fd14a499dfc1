#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Whatever is killed, and however: nothing of the lab lives on, and the next start removes the rest.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# kill_tool N: the program that uses the lab, without a chance to clean up
kill_tool() {
  eval "pid=\$tool_$1"
  kill -KILL "$pid"
  wait "$pid"
  eval "tool_$1="
  true
}

cleaned() { # NUMBER
  [ "$(lab_tool clean)" = "cleaned=$1" ]
}

# The tool is a child of setpriv's place: exec keeps its number.
user_of_lab_killed() { # MODE
  check "$1: up" lab_up 1 "$1"
  directory=$(lab_get 1 directory)
  keeper=$(lab_keeper "$directory")
  check "$1: a guest runs" guest_start 1
  check "$1: there are processes" has_processes_of "$directory"
  check "$1: its console is read" console_open 1 0
  kill_tool 1
  exec 3>&-
  console_end
  check "$1: user of the lab killed: its keeper ends" wait_end "$keeper"
  check "$1: user of the lab killed: no process is left" no_processes_of "$directory"
  check "$1: user of the lab killed: no file is left" gone "$directory"
  check "$1: user of the lab killed: no lock is left" no_console_locks
}

keeper_killed() { # MODE
  check "$1: up" lab_up 1 "$1"
  directory=$(lab_get 1 directory)
  keeper=$(lab_keeper "$directory")
  check "$1: a guest runs" guest_start 1
  pids=$(processes_of "$directory")
  kill -KILL "$keeper"
  for pid in $pids; do
    check "$1: keeper killed: process ends" wait_end "$pid"
  done
  check "$1: keeper killed: status says so" lab_says "$directory" crashed
  lab_end 1
  check "$1: the user of the lab has tidied up" gone "$directory"
}

daemon_killed() { # MODE
  check "$1: up" lab_up 1 "$1"
  directory=$(lab_get 1 directory)
  pid=$(daemon_of "$directory" 1)
  check "$1: a daemon is killed" kill -KILL "$pid"
  check "$1: daemon killed: it ends" wait_end "$pid"
  check "$1: daemon killed: the lab ends" lab_end 1
  check "$1: daemon killed: it is told how that ended" contains "$work/1.err" \
    "the libvirt daemon of the lab's host 1 ended unexpectedly (signal 9): "
  check "$1: daemon killed: and of no other" [ "$(grep -c 'ended unexpectedly' "$work/1.err")" = 1 ]
}

# all_killed: both the keeper and the process that does its work
everything_killed() {
  check "loopback: up" lab_up 1 loopback
  directory=$(lab_get 1 directory)
  keeper=$(lab_keeper "$directory")
  supervisor=$(ps -o pid= --ppid "$keeper" | tr -d ' ')
  check "loopback: a guest runs" guest_start 1
  kill -STOP "$supervisor"
  kill -KILL "$keeper"
  kill -KILL "$supervisor"
  kill_tool 1
  exec 3>&-
  check "loopback: keeper and supervisor killed: QEMU is left" has_processes_of "$directory"
  check "loopback: the next start finds one crashed lab" cleaned 1
  check "loopback: the next start ends what is left" no_processes_of "$directory"
  check "loopback: the next start removes the files" gone "$directory"
  check "loopback: and nothing more" cleaned 0
}

cases() {
  user_of_lab_killed "$1"
  keeper_killed "$1"
  daemon_killed "$1"
  check "$1: autogroups are as before" [ "$autogroups" = "$(autogroups)" ]
}

autogroups=$(autogroups)

if am_root; then
  cases namespaces
  cases loopback
fi
if as_user; then
  cases namespaces
  cases loopback
  everything_killed
else
  skip "ordinary user" "root cannot become an ordinary user here"
fi
finish
