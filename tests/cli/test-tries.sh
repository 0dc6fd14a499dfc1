#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The table of doc/faults.md is that of tests/faults/tries, every fault is in it, and new tries are
# added to both.
# shellcheck disable=SC2317 # functions are called through check
. "$top_srcdir/tests/tap.sh"

mkdir -p "$work/tree/doc" "$work/tree/tests/faults"
cp "$top_srcdir/doc/faults.md" "$work/tree/doc"
cp "$top_srcdir"/tests/faults/fault-*.sh "$top_srcdir/tests/faults/tries" "$work/tree/tests/faults"
chmod -R u+w "$work/tree"

record() { # [TALLY]
  env top_srcdir="$work/tree" "$top_srcdir/tests/faults/record-tries" "$@"
}

has_all_faults() {
  for fault in "$top_srcdir"/tests/faults/fault-*.sh; do
    name=$(basename "$fault" .sh)
    contains "$top_srcdir/doc/faults.md" "| ${name#fault-} |" || { echo "no $name"; return 1; }
  done
}

check "the table is written" record
check "it is the one of doc/faults.md" \
  diff -u "$top_srcdir/doc/faults.md" "$work/tree/doc/faults.md"
check "it has every fault" has_all_faults

{ grep "^#" "$top_srcdir/tests/faults/tries"; echo "panic|own|direct|2|0|0|0|1"; } \
  >"$work/tree/tests/faults/tries"
cat >"$work/tally" <<'END'
panic|own|direct|0|0|0|all
panic|own|direct|1|0|2|not all
panic|own|peer-to-peer|0|0|0|all
console|own|direct|0|0|0|all
END
check "tries are added" record "$work/tally"
check "to those so far" contains "$work/tree/tests/faults/tries" "panic|own|direct|4|1|0|2|2"
check "each way has its own" contains "$work/tree/tests/faults/tries" \
  "panic|own|peer-to-peer|1|0|0|0|1"
check "or as the first" contains "$work/tree/tests/faults/tries" "console|own|direct|1|0|0|0|1"
check "and the table has them" contains "$work/tree/doc/faults.md" " | own | direct | 4 | 1 | 0 | 2 | 2 |"
sed -i '/end of tries/d' "$work/tree/doc/faults.md"
check "a document without the table's marks is left alone" not record "$work/tally"
check "and so are the tries" contains "$work/tree/tests/faults/tries" "panic|own|direct|4|"
finish
