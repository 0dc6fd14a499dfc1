#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# migcost lab: two labs that outlive the commands; the one that is named ends, the other one stays,
# and guests can be migrated between its hosts by their URIs.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

prepare
as_user || skip_all "needs a user whose labs are all its own: it ends them all"
trap 'lab down >/dev/null 2>&1; tear_down' EXIT

lab() { # ARGUMENT...
  # shellcheck disable=SC2086
  $as "$migcost" lab "$@"
}

up() { # N: its directory in $directory, from the line that says how it is ended
  lab up >"$work/up$1" 2>"$work/err$1" || return 1
  directory=$(sed -n 's/^End it with: migcost lab down //p' "$work/up$1")
  [ -d "$directory" ] || { cat "$work/up$1"; return 1; }
}

lists() { lab status >status && contains status "$1"; }
lists_not() { lab status >status && not contains status "$1"; }

not_held() { # FILE: it is open in no process
  held=$(find /proc/[0-9]*/fd -lname "$1" 2>/dev/null)
  [ -z "$held" ] || { echo "held: $held"; false; }
}

refused() { # STATUS TEXT ARGUMENT...
  expected=$1 text=$2
  shift 2
  run lab "$@"
  exits "$expected" && contains err "$text"
}

check "a lab comes up" up 1
first=$directory
check "nothing of it holds the command's standard error, for whose end others may wait" \
  not_held "$work/err1"
check "a second one" up 2
second=$directory
check "they are two" [ "$first" != "$second" ]
check "a directory without a lab is refused" \
  refused 1 "no lab of yours is up in '$work'" down "$work"
check "also beside one that is there" \
  refused 1 "no lab of yours is up in '$work'" down "$second" "$work"
check "an argument of up is refused" \
  refused 2 "unexpected argument '$first': up takes none" up "$first"
check "that has ended none" eval 'lists "$first" && lists "$second"'
check "the first one ends, named as shells complete it" lab down "$first/"
check "it has left nothing" left_nothing "$first"
check "the second one stays" lists "$second"
check "its daemons answer" \
  eval 'timeout 300 virsh -q -c "$(sed -n "s/^source *\(qemu[^ ]*\).*/\1/p" up2)" list'
# by_uris STUDY: a run on the hosts of a lab that is up
by_uris() {
  # shellcheck disable=SC2046 # two options
  measure by-uris "$1" $(sed -n 's/^\(source\|destination\)  *\(qemu[^ ]*\).*/--\1=\2/p' up2)
}
by_uris "$work/run-one.xml"
check "a study runs on its hosts, by their URIs" exits 0
check "its guests boot what the lab's do" \
  grep -q "<kernel>$second/" "$result/domains/m1-source.xml"
check "without a name all end" lab down
check "the second one has left nothing" left_nothing "$second"
finish
