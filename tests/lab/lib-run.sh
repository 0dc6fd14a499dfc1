# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# What the scripts that test `migcost run` on the lab share, besides tests/tap.sh. Sourced.
#
# A run in the background is followed by its progress lines; it is ended by its own number, and what
# belongs to it is found by the directory of its lab, which the result names. So several can go on
# beside each other, and beside other people's labs.

# shellcheck source-path=SCRIPTDIR/../.. source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"
# shellcheck source-path=SCRIPTDIR source=lib-result.sh
. "$top_srcdir/tests/lab/lib-result.sh"

# Copies that another user can read; the source tree may be closed to it.
prepare() {
  chmod 755 "$work"
  run_pid='' as=''
  # a short path: the lab's sockets lie below it
  runtime=$(mktemp -d /tmp/mXXXXXX) || exit 99
  trap 'tear_down' EXIT
  mkdir "$work/bin" "$work/home" "$work/data" "$work/data/domains" "$work/data/studies" \
    "$work/results"
  cp "$migcost" "$top_builddir/src/lab/migcost-lab" "$top_builddir/workloads/guest.cpio.gz" \
    "$work/bin/"
  cp -R "$top_srcdir/servers" "$work/data/"
  cp -R "$top_srcdir/servers" "$work/bin/"
  mkdir "$work/bin/pair"
  cp "$top_srcdir/tests/pair/certificates" "$work/bin/pair/"
  cp "$top_srcdir"/domains/*.xml "$work/data/domains/"
  cp "$top_srcdir"/studies/*.xml "$top_srcdir/studies/study.rng" "$work/data/studies/"
  cp "$top_srcdir"/tests/lab/studies/*.xml "$work/"
  chmod -R a+rX "$work/bin" "$work/data" "$work"/*.xml
  migcost=$work/bin/migcost
  export MIGCOST_DATADIR="$work/data" MIGCOST_LIBEXECDIR="$work/bin"
  unset XDG_RUNTIME_DIR
  find_kernel
  cd "$work" || exit 99
}

# The guest kernel, by asking for a lab: without one there is nothing to test.
find_kernel() {
  for file in ${MIGCOST_KERNEL-} "${XDG_CACHE_HOME:-$HOME/.cache}"/migcost/kernel/vmlinuz-* \
    /boot/vmlinuz-*; do
    if [ -f "$file" ] && [ -r "$file" ]; then
      cp "$file" "$work/bin/vmlinuz"
      chmod 644 "$work/bin/vmlinuz"
      modules=${file%/*}/modules-${file##*/vmlinuz-}
      [ ! -d "$modules" ] || cp -R "$modules" "$work/bin/modules"
      export MIGCOST_KERNEL="$work/bin/vmlinuz"
      return
    fi
  done
  skip_all "no guest kernel that can be read: ./quickstart fetches one"
}

# as_user: the rest is done as an ordinary user; fails where that cannot be.
as_user() {
  am_root || { export XDG_RUNTIME_DIR="$runtime"; return 0; }
  user=${MIGCOST_TEST_USER:-daemon}
  id "$user" >/dev/null 2>&1 && command -v setpriv >/dev/null || return 1
  mkdir -p "$work/state"
  chown -R "$user" "$work/home" "$work/results" "$work/state" "$runtime"
  as="setpriv --reuid=$user --regid=$(id -g "$user") --clear-groups env HOME=$work/home XDG_RUNTIME_DIR=$runtime"
}

# --- a run in the foreground, or in the background

# measure DIRECTORY ARGUMENT...: `migcost run`; output in $work/out and $work/err, exit status in
# $status
measure() {
  result=$work/results/$1
  shift
  # shellcheck disable=SC2086 # $as is a command with arguments
  run $as "$migcost" run --no-calibration "$@" -o "$result"
}

# agrees_once CHECK NAME ARGUMENT...: CHECK of $result, which is that of measure NAME ARGUMENT.... Where other
# work keeps a guest, QEMU, a daemon or migcost from its CPU, what they see is little, or stamped late: in one
# of three runs it is not.
agrees_once() {
  agreement=$1
  name=$2
  first=$result
  shift 2
  for again in 1 2 3; do
    if $agreement; then
      result=$first
      return
    fi
    [ $again = 3 ] || measure "$name-again-$again" "$@"
  done
  result=$first
  return 1
}

# start ARGUMENT...: `migcost run ARGUMENT...` in the background; its standard error is read by
# wait_line. Its interrupts are not ignored, as a shell would have it of a background process.
start() {
  start_command run --no-calibration "$@"
}

# start_command ARGUMENT...: the same of any command
start_command() {
  rm -f "$work/progress"
  mkfifo "$work/progress"
  : >"$work/err"
  # shellcheck disable=SC2086
  $as env --default-signal=INT "$migcost" "$@" >"$work/out" 2>"$work/progress" &
  run_pid=$!
  exec 5<"$work/progress"
}

# wait_line TEXT: until a line with this text has come; fails where the run ends without it
wait_line() {
  while IFS= read -r line <&5; do
    printf '%s\n' "$line" >>"$work/err"
    case $line in *"$1"*) return 0 ;; esac
  done
  echo "no line '$1':"
  cat "$work/err"
  return 1
}

# wait_run: until the run has ended and nothing holds its standard error any more; its exit status
# in $status
wait_run() {
  cat <&5 >>"$work/err"
  exec 5<&-
  status=0
  wait "$run_pid" || status=$?
  run_pid=
}

# --- its lab and what may be left

# lab_of RESULT: directory of the lab it ran on
lab_of() {
  sed -n 's/^source,uri,.*socket=\(.*\)\/0\/run\/.*/\1/p' "$1/environment.csv"
}

# keeper_of PID: the process that keeps the lab of a running migcost
keeper_of() {
  grep -hs "^[0-9]* (migcost-lab) . $1 " /proc/[0-9]*/stat | cut -d ' ' -f 1 | grep .
}

# processes_of DIRECTORY: numbers of the processes that name it in their command line or live in it;
# few programs look at all of them, and none that does has it in its own command line
processes_of() {
  {
    printf '%s\n' "$1" | grep -lszF -f - /proc/[0-9]*/cmdline
    living_in "$1"
  } | cut -d / -f 3 | sort -u | while read -r pid; do
    [ ! -e "/proc/$pid" ] || echo "$pid $(tr '\0' ' ' <"/proc/$pid/cmdline")"
  done 2>/dev/null
}

no_processes_of() { # DIRECTORY
  [ -n "$1" ] || { echo "no lab is known"; return 1; }
  left=$(processes_of "$1")
  [ -z "$left" ] || { echo "left: $left"; false; }
}

no_journal() {
  [ -z "$(ls "$work/state/migcost/undo" 2>/dev/null)" ] ||
    { head "$work"/state/migcost/undo/*; false; }
}

no_lab_listed() { # DIRECTORY
  # shellcheck disable=SC2086
  $as "$migcost" lab status >"$work/labs" && not contains "$work/labs" "$1"
}

# left_nothing DIRECTORY: of this lab, and of the run on it
left_nothing() {
  no_processes_of "$1" && gone "$1" && no_lab_listed "$1" && no_journal
}

# --- its result

is_complete() { [ -e "$result/COMPLETE" ]; }

is_readable() {
  # shellcheck disable=SC2086
  $as "$migcost" report --full "$result"
}

# --- the end

tear_down() {
  if [ -n "$run_pid" ]; then
    exec 5<&-
    kill -KILL "$run_pid" 2>/dev/null
    wait "$run_pid"
  fi 2>/dev/null
  cd /
  [ -n "${MIGCOST_TEST_KEEP-}" ] || rm -rf "$work" "$runtime"
}

[ -n "${top_builddir-}" ] || { echo "Bail out! run me by make check"; exit 99; }
command -v qemu-system-x86_64 >/dev/null || skip_all "QEMU is not installed"
prepare
