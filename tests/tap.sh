# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# What all scripts share: TAP, and a folder to work in that is removed at the end. Sourced.
#
# A script: . "$top_srcdir/tests/tap.sh"; check "what is true" COMMAND...; finish
# MIGCOST_TEST_TIMES=1: with each result the time, by the machine's uptime.

tests=0
failures=0
work=$(mktemp -d "${TMPDIR:-/tmp}/migcost-test.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

# check DESCRIPTION COMMAND...: one test: the command succeeds. What it prints is shown if it does
# not.
check() {
  tests=$((tests + 1))
  description=$1
  shift
  if "$@" >"$work/check.log" 2>&1; then
    echo "ok $tests - $description"
  else
    failures=$((failures + 1))
    echo "not ok $tests - $description"
    sed 's/^/#   /' "$work/check.log"
  fi
  [ -z "${MIGCOST_TEST_TIMES-}" ] || echo "# $(cut -d ' ' -f 1 /proc/uptime) s"
}

skip() { # DESCRIPTION REASON
  tests=$((tests + 1))
  echo "ok $tests - $1 # SKIP $2"
}

skip_all() { # REASON
  echo "1..0 # SKIP $1"
  exit 0
}

finish() {
  echo "1..$tests"
  [ "$failures" = 0 ]
  exit
}

not() {
  if "$@"; then return 1; else return 0; fi
}

am_root() { [ "$(id -u)" = 0 ]; }

gone() { [ ! -e "$1" ] || { ls -lR "$1"; false; }; }

# shows_what_is_typed: the terminal whose modes, of stty -a, are in $work/modes
shows_what_is_typed() { grep -qE '(^|[ ;])echo([ ;]|$)' "$work/modes" || { cat "$work/modes"; false; }; }

# wait_end PID: until the process has ended, which need not be a child
wait_end() {
  timeout 300 tail --pid="$1" -f /dev/null
}

contains() { # FILE TEXT
  grep -qF -- "$2" "$1" || { cat "$1"; false; }
}

# contains_words FILE TEXT: wherever its lines are broken
contains_words() {
  tr -s ' \n' ' ' <"$1" | grep -qF -- "$2" || { cat "$1"; false; }
}

# run COMMAND...: keeps its output in $work/out and $work/err, its exit status in $status.
run() {
  status=0
  "$@" >"$work/out" 2>"$work/err" || status=$?
}

exits() { # STATUS: of what was run
  [ "$status" = "$1" ] ||
    { echo "exit status $status, expected $1"; cat "$work/out" "$work/err"; return 1; }
}

# fails_with STATUS TEXT COMMAND...: that exit status, that text in its one line of error, nothing
# on standard output.
fails_with() {
  want_status=$1
  want_text=$2
  shift 2
  run "$@"
  [ "$status" = "$want_status" ] ||
    { echo "exit status $status, expected $want_status"; cat "$work/err"; return 1; }
  [ ! -s "$work/out" ] || { echo "standard output is not empty:"; cat "$work/out"; return 1; }
  grep -F -- "$want_text" "$work/err" | grep -q '^migcost: ' || {
    echo "expected: migcost: ...$want_text"
    cat "$work/err"
    return 1
  }
}

# living_in DIRECTORY: /proc/NUMBER/environ of the processes whose home lies in it
living_in() {
  grep -lsz -- "^HOME=$1/" /proc/[0-9]*/environ
}

# daemon_of DIRECTORY HOST: number of the process of a host's daemon
daemon_of() {
  grep -la -- "$1/$2/daemon.conf" /proc/[0-9]*/cmdline 2>/dev/null |
    while IFS=/ read -r _ _ process _; do
      # nsenter, which waits for one that was started again, has the same words behind its own
      if tr '\0' '\n' <"/proc/$process/cmdline" 2>/dev/null | head -n 1 |
        grep -q 'libvirtd$\|virtqemud$'; then
        echo "$process"
      fi
    done 2>/dev/null
}

# comma_locale: makes one in which numbers are written 1,5; fails where localedef cannot. Its
# warnings are about what else a locale could have.
comma_locale() {
  printf 'CHARMAP\nEND CHARMAP\n' >"$work/characters"
  printf 'LC_NUMERIC\ndecimal_point ","\nthousands_sep "."\ngrouping 3;3\nEND LC_NUMERIC\n' \
    >"$work/numbers"
  localedef -c --no-archive -f "$work/characters" -i "$work/numbers" "$work/comma" >/dev/null 2>&1
  [ -f "$work/comma/LC_NUMERIC" ]
}

# glibc never frees what it makes of LOCPATH: no leak of migcost's.
in_comma_locale() { # COMMAND...
  env -u LC_ALL ASAN_OPTIONS=detect_leaks=0 LOCPATH="$work" LC_NUMERIC=comma "$@"
}

migcost=$top_builddir/migcost
XDG_STATE_HOME=$work/state
export XDG_STATE_HOME
