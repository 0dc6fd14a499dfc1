#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Results that migcost recorded on real hosts, committed with their environment
# (tests/data/README.md): reports of them stay what they are. MIG_UPDATE_GOLDEN=1 writes the
# expected reports anew.
. "$top_srcdir/tests/tap.sh"

data=$top_srcdir/tests/data

same_report() { # NAME FORMAT SUFFIX
  "$migcost" report "$data/$1" --format "$2" >"$work/report" || return 1
  [ -z "${MIG_UPDATE_GOLDEN-}" ] || cp "$work/report" "$data/$1.$3"
  diff -u "$data/$1.$3" "$work/report"
}

same_twice() { # NAME FORMAT
  "$migcost" report "$data/$1" --format "$2" >"$work/first" &&
    "$migcost" report "$data/$1" --format "$2" | cmp - "$work/first"
}

for directory in "$data"/recorded-*/; do
  name=$(basename "$directory")
  check "$name: the text" same_report "$name" text txt
  check "$name: the CSV" same_report "$name" csv csv
  check "$name: the same JSON twice" same_twice "$name" json
  check "$name: its study can still be loaded" sh -c \
    "'$migcost' run '$directory/study.xml' --only no-such-case 2>&1 | grep -q 'has no case'"
done

check "recorded-smoke: the JSON" same_report recorded-smoke json json

# The documents' figures are of these results: none is missing, and each can be read on a dark page
figures_are_there() {
  (cd "$top_srcdir" && grep -oh 'figures/[a-z0-9-]*[.]svg' README.md doc/*.md) |
    sort -u >"$work/figures"
  [ "$(wc -l <"$work/figures")" -ge 2 ] && while read -r figure; do
    contains "$top_srcdir/doc/$figure" 'fill="#ffffff"' || return 1
  done <"$work/figures"
}
check "the documents' figures" figures_are_there
finish
