#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# doc/migcost-study.5 and studies/study.rng have the same elements, each with the same attributes;
# the page and src/base/units.c have the same units.
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

# "LINE UNIT" lines: units of memory, durations, rates, as both have them in this order.
sed -n '/^static const Unit/,/^};/p' "$top_srcdir/src/base/units.c" |
  awk '/^static/ { line++ }
       { while (match ($0, /{ "[^"]+"/)) { print line, substr ($0, RSTART + 3, RLENGTH - 4)
                                           $0 = substr ($0, RSTART + RLENGTH) } }' | sort > "$work/units"
sed -n '/^\.Sh UNITS/,/^\.Sh FILES/s/^\.It Cm //p' "$man" | sed 's/\\(mc/µ/' |
  awk '{ for (i = 1; i <= NF; i++) print NR, $i }' | sort > "$work/units-man"

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
echo 1..6
if test "$(wc -l < "$work/schema")" -gt 30; then :; else echo "too little found in the schema"; fi \
  > "$work/few"
report 'the schema can be read' < "$work/few"
comm -23 "$work/schema" "$work/man" > "$work/undocumented"
report 'all that the schema has is in the man page' < "$work/undocumented"
comm -13 "$work/schema" "$work/man" > "$work/unknown"
report 'all that the man page has is in the schema' < "$work/unknown"
diff "$work/units" "$work/units-man" > "$work/other-units"
test -s "$work/units" || echo 'there are no units' >> "$work/other-units"
report 'units that are read are those of the man page' < "$work/other-units"
# What messages advise to write: "<ELEMENT ATTRIBUTE=", "ATTRIBUTE= of that <ELEMENT>", "<ELEMENT>
# ATTRIBUTE="; <cpu> is libvirt's.
cat "$top_srcdir"/src/check/*.c "$top_srcdir"/src/hosts/*.c "$top_srcdir/src/cli/command-check.c" |
  sed -n -E "s/.*<([a-z-]+) ([a-z-]+)=['\\\\].*/\\1 \\2/p
             s/.*[^a-z-]([a-z-]+)= (of that|from) <([a-z-]+)>.*/\\3 \\1/p
             s/.*<([a-z-]+)> ([a-z-]+)=.*/\\1 \\2/p" | grep -v '^cpu ' | sort -u > "$work/advised"
comm -23 "$work/advised" "$work/schema" > "$work/ill-advised"
test -s "$work/advised" || echo 'there is no advice' >> "$work/ill-advised"
report 'what messages advise to write is in the schema' < "$work/ill-advised"
if command -v mandoc > /dev/null; then
  mandoc -T lint -W warning "$man" > "$work/lint" 2>&1
  report 'mandoc finds nothing to warn of' < "$work/lint"
else
  echo "ok 6 # SKIP mandoc is not installed"
fi
exit $status
