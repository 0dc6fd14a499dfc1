#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Two labs at once do not meet; a persistent one outlives its starter and is stopped by its
# directory.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

both() { # MODE
  check "$1: the first lab" lab_up 1 "$1"
  check "$1: the second lab" lab_up 2 "$1"
  first=$(lab_get 1 directory) second=$(lab_get 2 directory)
  check "$1: each has a directory of its own" [ "$first" != "$second" ]
  check "$1: a guest in the first" guest_start 1
  check "$1: a guest of the same name in the second" guest_start 2
  guest_migrate 1 0 1 >"$work/first.log" 2>&1 &
  migration=$!
  check "$1: the second migrates" guest_migrate 2 0 1
  check "$1: the first migrates at the same time" wait "$migration"
  check "$1: the first ends" lab_end 1
  check "$1: no file of the first is left" gone "$first"
  check "$1: the second goes on" lab_says "$second" alive
  check "$1: the guest in the second goes on" guest_runs_on 2 1
  check "$1: the second ends" lab_end 2
  check "$1: no process is left" no_processes_of "$second"
  check "$1: no file is left" gone "$second"
}

persistent() {
  check "persistent: up" lab_up 1 persistent
  directory=$(lab_get 1 directory)
  check "persistent: its starter ends" lab_end 1
  check "persistent: the lab goes on" lab_says "$directory" alive
  check "persistent: a guest starts" guest_start 1
  check "persistent: it is not taken for a crashed one" [ "$(lab_tool clean)" = cleaned=0 ]
  check "persistent: stopped" lab_tool stop "$directory"
  check "persistent: no process is left" no_processes_of "$directory"
  check "persistent: no file is left" gone "$directory"
  check "persistent: nothing to stop any more" not lab_tool stop "$directory"
  check "persistent: only a lab can be stopped" not lab_tool stop "$work"
}

as_user || as_self
both namespaces
both loopback
persistent
finish
