#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The tables of doc/faults.md are those of tests/faults/tries and tests/faults/whereabouts, every
# fault is in the first, and new tries are added to all of them.
# shellcheck disable=SC2317 # functions are called through check
. "$top_srcdir/tests/tap.sh"

mkdir -p "$work/tree/doc" "$work/tree/tests/faults"
cp "$top_srcdir/doc/faults.md" "$work/tree/doc"
cp "$top_srcdir"/tests/faults/fault-*.sh "$top_srcdir/tests/faults/tries" \
  "$top_srcdir/tests/faults/whereabouts" "$work/tree/tests/faults"
chmod -R u+w "$work/tree"

record() { # [TALLY [WHEREABOUTS]]
  env top_srcdir="$work/tree" "$top_srcdir/tests/faults/record-tries" "$@"
}

has_all_faults() {
  for fault in "$top_srcdir"/tests/faults/fault-*.sh; do
    name=$(basename "$fault" .sh)
    contains "$top_srcdir/doc/faults.md" "| ${name#fault-} |" || { echo "no $name"; return 1; }
  done
}

check "the tables are written" record
check "they are those of doc/faults.md" \
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

grep "^#" "$top_srcdir/tests/faults/whereabouts" >"$work/tree/tests/faults/whereabouts"
echo "execution|peer-to-peer|KILL|connecting|20|in time|running on the source|running on the source" \
  >>"$work/tree/tests/faults/whereabouts"
arriving="running on the source paused on the destination"
for moment in "1500|in time|$arriving" "2500|in time|$arriving" "7500|too late|"; do
  echo "execution|peer-to-peer|KILL|moving 'm1'|$moment|running on the destination"
done >"$work/whereabouts"
way="| execution | peer-to-peer |"
before="$way KILL | running on the source | running on the source | 1 |"
cp "$work/tree/tests/faults/tries" "$work/tries"
check "without a try, where guests were is added" record /dev/null "$work/whereabouts"
check "a line for each" [ "$(grep -c "moving 'm1'" "$work/tree/tests/faults/whereabouts")" = 3 ]
check "to the lines so far" contains "$work/tree/doc/faults.md" "$before"
check "the table counts them" contains "$work/tree/doc/faults.md" \
  "$way KILL | running on the source, paused on the destination | running on the destination | 2 |"
check "what came too late is set apart" contains "$work/tree/doc/faults.md" \
  "$way KILL, too late | nowhere | running on the destination | 1 |"
check "the tries are as they were" cmp "$work/tries" "$work/tree/tests/faults/tries"

cp "$work/tree/tests/faults/whereabouts" "$work/places"
for mark in tries whereabouts; do
  cp "$work/tree/doc/faults.md" "$work/faults.md"
  sed -i "/end of $mark/d" "$work/tree/doc/faults.md"
  check "a document without the marks of $mark is left alone" \
    not record "$work/tally" "$work/whereabouts"
  check "and so are the tries" cmp "$work/tries" "$work/tree/tests/faults/tries"
  check "and where guests were" cmp "$work/places" "$work/tree/tests/faults/whereabouts"
  cp "$work/faults.md" "$work/tree/doc/faults.md"
done
finish
