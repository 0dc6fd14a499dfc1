# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2317 # functions are called through check
# migcost on another release of Debian, with what quickstart installs there: compiled by both
# compilers, tested, tried. Sourced; the script sets suite.
# shellcheck source=SCRIPTDIR/../tap.sh
. "$top_srcdir/tests/tap.sh"

changes=$(mktemp -d "${TMPDIR:-/var/tmp}/migcost-debian.XXXXXX") || exit 99
trap 'rm -rf --one-file-system "$work" "$changes"' EXIT

# inside COMMAND...: with its output kept
inside() {
  "$top_srcdir/tests/debian/in-debian" "${suite:?}" "$changes" "$@" >"$work/inside.log" 2>&1
}

# step SCRIPT [ARGUMENT...]: in that system; the end of what it says is shown if it fails
step() {
  inside sh -euc "$@" && return
  grep -E '^(FAIL|ERROR|XPASS)[: ]|error: |warning: ' "$work/inside.log" | sort -u | head -n 40
  tail -n 20 "$work/inside.log"
  return 1
}

# The sources as make dist packs them: a folder that the system has.
pack() {
  mkdir -p "$changes/upper" && chmod 755 "$changes" "$changes/upper" &&
    make -C "$top_builddir" distdir distdir="$changes/upper/migcost" >"$work/dist.log" 2>&1 ||
      { cat "$work/dist.log"; return 1; }
}

inside true
case $? in
  0) ;;
  77) skip_all "$(tail -n 1 "$work/inside.log")" ;;
  *) echo "Bail out! $(tail -n 1 "$work/inside.log")"; exit 99 ;;
esac
check "the sources, as make dist packs them" pack
check "autoreconf" step 'cd /migcost && autoreconf -fi'

# built COMPILER [VARIABLE=...]: all of it, and the programs of the tests; once, so that nobody asks
# what depends on what
built() {
  step 'mkdir "/$1" && cd "/$1" && CC=$1 && shift
    ../migcost/configure -q CC="$CC" --enable-werror --disable-dependency-tracking "$@"
    make -s -j"$(nproc)" && make -s -j"$(nproc)" check TESTS=' build "$@"
}

tested() {
  step 'cd /gcc && touch stamp && make -k -j"$(nproc)" check'
}

skips_as_listed() {
  step 'cd /gcc && . ../migcost/tests/tally.sh
    [ "$(tally stamp PASS)" -gt 0 ] && unexpected_skips ../migcost stamp >skips && ! grep . skips'
}

# its guests do not wait for CPUs where the rest of this runs when nobody else wants them
measures() {
  step 'cd /gcc && chrt --other 0 ./run migcost run smoke --repeat 1 --no-calibration -o result &&
    [ -e result/COMPLETE ]'
}

check "gcc builds it without a warning" built gcc
check "make check" tested
check "no test skips but those listed" skips_as_listed
check "a study is measured" measures
# what it builds is not run: without optimisation it takes half of the time
check "clang builds it without a warning" built clang CFLAGS=-O0
finish
