#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A command that a signal ends at once says by its exit status which one it was.
. "$top_srcdir/tests/tap.sh"

ended_by() { # SIGNAL STATUS
  mkfifo "$work/$1.xml"
  # no writer ever comes: it waits for its study
  "$migcost" check "$work/$1.xml" >"$work/out" 2>&1 &
  pid=$!
  # the signals that it catches: HUP, INT and TERM are bits 0, 1 and 14. Before it does, SIGINT is ignored, as
  # the shell has it of what it starts in the background.
  caught=0
  while [ $((0x$caught & 0x4003)) != $((0x4003)) ] && ! grep -q '^State:.*Z' "/proc/$pid/status"; do
    caught=$(sed -n 's/^SigCgt:.*\(....\)$/\1/p' "/proc/$pid/status")
    sleep 0.05
  done
  kill -s "$1" "$pid"
  status=0
  wait "$pid" || status=$?
  [ "$status" = "$2" ] || { echo "exit status $status, expected $2"; cat "$work/out"; false; }
}

says() { # NUMBER: the manual page has it
  sed -n '/^\.It .*130/p' "$top_srcdir/doc/migcost.1" | grep -qw "$1"
}

[ -r /proc/self/status ] || skip_all "no /proc"
check "SIGHUP" ended_by HUP 129
check "SIGINT" ended_by INT 130
check "SIGTERM" ended_by TERM 143
check "the manual page has these" eval 'says 129 && says 130 && says 143'
finish
