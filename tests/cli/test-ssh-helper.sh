#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# What libvirt starts in place of ssh, with a program of that name: what that hears of signals, and when it ends.
. "$top_srcdir/tests/tap.sh"

helper=$top_builddir/src/virt/migcost-ssh

# ssh_is LINE...: from now on
ssh_is() {
  mkdir -p "$work/bin" && printf '%s\n' '#!/bin/sh' "$@" >"$work/bin/ssh" && chmod 755 "$work/bin/ssh"
}

# helper_waits LINE...: the helper goes on in the background, its number is $pid, that of its ssh $ssh, until fd 5 is
# closed; ssh does this first
helper_waits() {
  # shellcheck disable=SC2016 # the program's own
  ssh_is "$@" 'echo $$ >"$1"' 'exec sleep 1000'
  rm -f "$work/in" "$work/number"
  mkfifo "$work/in" "$work/number"
  PATH=$work/bin:$PATH "$helper" "$work/number" <"$work/in" &
  pid=$!
  exec 5>"$work/in"
  read -r ssh <"$work/number"
  kill -0 "$ssh"
}

ignored() { # PID: the last signals that it ignores, as bits
  sed -n 's/^SigIgn:.*\(.....\)$/\1/p' "/proc/$1/status"
}

# deaf: HUP, INT, QUIT and TSTP, bits 0, 1, 2 and 19, are ignored; TERM, bit 14, is not
deaf() {
  for number in "$pid" "$ssh"; do
    [ $((0x$(ignored "$number") & 0x84007)) = $((0x80007)) ] || { cat "/proc/$number/status"; return 1; }
  done
}

ends_with() { # STATUS: the helper does
  status=0
  wait "$pid" || status=$?
  [ "$status" = "$1" ] || { echo "exit status $status, expected $1"; false; }
}

[ -r /proc/self/status ] || skip_all "no /proc"
# shellcheck disable=SC2016
check "a program" ssh_is 'printf "<%s>" "$@"' 'cat' 'exit 7'
echo " said" >"$work/in"
run env PATH="$work/bin:$PATH" "$helper" -p 22 -- "a b" "" <"$work/in"
check "its exit status is the helper's" exits 7
check "it has the arguments, input and output" [ "$(cat "$work/out")" = "<-p><22><--><a b><> said" ]

check "one that waits" helper_waits
check "it hears nothing that is typed, nor that the terminal is gone" deaf
exec 5>&-
check "it ends when nobody is at the other end of its input" ends_with 143
check "... itself" wait_end "$ssh"
check "another one" helper_waits
kill "$pid"
check "SIGTERM ends the helper" ends_with 143
check "... and with it what it has started" wait_end "$ssh"
exec 5>&-
check "a third one" helper_waits
kill -KILL "$pid"
check "so does SIGKILL" ends_with 137
check "... that, too" wait_end "$ssh"
exec 5>&-
check "a fourth one" helper_waits
kill -KILL "$ssh"
check "it is killed: the helper says so" ends_with 137
exec 5>&-
check "one that does not hear SIGTERM" helper_waits "trap '' TERM"
exec 5>&-
check "is killed" ends_with 137
check "... indeed" wait_end "$ssh"

mkdir "$work/empty"
run env PATH="$work/empty" "$helper" host </dev/null
check "without ssh" exits 127
check "... it says so" contains "$work/err" "cannot run 'ssh': No such file or directory"

# interrupt_at_question: migcost at a terminal; the ssh that it starts switches echo off, as for a password, and never
# on again; Ctrl-C ends migcost; the terminal's modes afterwards
interrupt_at_question() {
  ssh_is 'stty -echo </dev/tty' ": >'$work/asks'" 'exec sleep 1000'
  mkfifo "$work/keyboard"
  cat >"$work/job" <<SH
PATH=$work/bin:\$PATH $migcost check --source qemu+ssh://nowhere/session --destination qemu+ssh://nowhere/session \
  >$work/check.out 2>&1
echo \$? >$work/ended
stty -a >$work/modes
SH
  script -qefc "exec sh $work/job" /dev/null <"$work/keyboard" >/dev/null 2>&1 &
  terminal=$!
  exec 6>"$work/keyboard"
  until [ -e "$work/asks" ] || [ -e "$work/ended" ]; do sleep 0.1; done
  [ -e "$work/ended" ] || printf '\003' >&6
  wait "$terminal"
  exec 6>&-
  [ "$(cat "$work/ended")" = 130 ] || { cat "$work/ended" "$work/check.out"; return 1; }
}

if command -v script >/dev/null; then
  check "Ctrl-C while ssh asks" interrupt_at_question
  check "... the terminal shows what is typed, whatever ssh has done" shows_what_is_typed
else
  skip "Ctrl-C while ssh asks" "script, of util-linux, is not installed"
fi
finish
