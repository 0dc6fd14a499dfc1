#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# doc/migcost-study.5 and studies/study.rng have the same elements, each with the same attributes.
man=$top_srcdir/doc/migcost-study.5
schema=$top_srcdir/studies/study.rng
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

# "ELEMENT" and "ELEMENT ATTRIBUTE" lines. Every end tag of the schema closes what was opened last.
awk '{
  line = $0
  while (match (line, /<\/?element( name="[^"]*")?|<attribute name="[^"]*"/)) {
    tag = substr (line, RSTART, RLENGTH); line = substr (line, RSTART + RLENGTH)
    split (tag, part, "\"")
    if (tag ~ /^<element/) { depth++; element[depth] = part[2]; print part[2] }
    else if (tag ~ /^<attribute/) print element[depth], part[2]
    else depth--
  }
}' "$schema" | sort -u > "$work/schema"
awk '/^\.S[hs] / { element = "" }
     /^\.Ss </ { element = substr ($2, 2, length ($2) - 2); print element }
     /^\.It Cm / && element != "" { print element, $3 }' "$man" | sort -u > "$work/man"

status=0
report () # DESCRIPTION: what standard input lists is wrong
{
  number=$((number + 1))
  if wrong=$(cat) && test -n "$wrong"; then
    status=1
    echo "not ok $number - $1"
    echo "$wrong" | sed 's/^/# /'
  else
    echo "ok $number - $1"
  fi
}

number=0
echo 1..4
if test "$(wc -l < "$work/schema")" -gt 30; then :; else echo "too little found in the schema"; fi > "$work/few"
report 'the schema can be read' < "$work/few"
comm -23 "$work/schema" "$work/man" > "$work/undocumented"
report 'all that the schema has is in the man page' < "$work/undocumented"
comm -13 "$work/schema" "$work/man" > "$work/unknown"
report 'all that the man page has is in the schema' < "$work/unknown"
if command -v mandoc > /dev/null; then
  mandoc -T lint -W warning "$man" > "$work/lint" 2>&1
  report 'mandoc finds nothing to warn of' < "$work/lint"
else
  echo "ok 4 # SKIP mandoc is not installed"
fi
exit $status
