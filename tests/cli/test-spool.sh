#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A result that is too large for memory: it waits in a file without a name, and is printed whole or not
# at all.
. "$top_srcdir/tests/tap.sh"

# 16 hosts are left for 16 others: 1600 moves, each of which JSON has four times
awk 'BEGIN {
  print "vm,host,memory,cpus"
  for (h = 0; h < 32; h++) printf ",h%d,512 GiB,64\n", h
  for (v = 0; v < 1600; v++) printf "v%d,h%d,%d GiB,1\n", v, v % 16, 1 + v % 3
}' >"$work/fleet.csv"
for h in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do set -- "$@" --empty "h$h"; done
mkdir "$work/tmp"

dir=$work/tmp out=$work/spooled
check "a large result" sh -c "TMPDIR='$dir' '$migcost' plan '$work/fleet.csv' --json $* >'$out'"
check "... is larger than what is kept in memory" [ "$(wc -c <"$out")" -gt 1048576 ]
check "... is whole" [ "$(grep -c '"vm" : "v' "$out")" = 6400 ]
check "... and ends" [ "$(tail -n 1 "$out")" = "}" ]
check "... nothing of it stays" [ -z "$(ls -A "$dir")" ]
check "without a place to wait it stays in memory" \
  sh -c "TMPDIR=/nonexistent '$migcost' plan '$work/fleet.csv' --json $* | cmp - '$out'"
check "where it cannot be written, nothing is printed" sh -c "
  trap '' XFSZ
  (ulimit -f 1; TMPDIR='$dir' '$migcost' plan '$work/fleet.csv' --json $* 2>'$work/err'; echo \$?) |
  cat >'$work/status'; [ \"\$(cat '$work/status')\" = 1 ]"
check "... and the error says where" contains "$work/err" "cannot write the result to a temporary file in '$dir'"
finish
