#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# The report as Markdown: tables that hold together, and names that cannot become markup.
. "$top_srcdir/tests/tap.sh"

data=$top_srcdir/tests/data

markdown() { # RESULT
  "$migcost" report "$1" --format markdown >"$work/report.md"
}

same_as_before() {
  markdown "$data/recorded-smoke" || return 1
  [ -z "${MIG_UPDATE_GOLDEN-}" ] || cp "$work/report.md" "$data/recorded-smoke.md"
  diff -u "$data/recorded-smoke.md" "$work/report.md"
}

# all rows of a table have as many cells as its heading, and a line of dashes below that
whole_tables() { # FILE
  awk '
    { line = $0; gsub(/\\[|]/, "", line); cells = gsub(/[|]/, "", line) }
    /^[|]/ && !within { within = 1; first = cells; row = 0; tables++ }
    !/^[|]/ { within = 0 }
    within && ++row == 2 && !/^[|](-+:?[|])+$/ { print FNR ": no dashes: " $0; bad = 1 }
    within && cells != first { print FNR ": " cells " for " first ": " $0; bad = 1 }
    END { exit bad || !tables }' "$1"
}

headings() { # FILE: one title, no level left out
  awk '/^#/ { level = length($1); if (level > last + 1) { print; bad = 1 } last = level; n[level]++ }
    END { exit bad || n[1] != 1 || n[2] < 4 }' "$1"
}

hostile='a|b<script>x</script> \*[z](javascript:y) `q` __u__ ~~s~~ &amp;'
make_hostile() {
  cp -R "$data/recorded-smoke" "$work/hostile" && chmod -R u+w "$work/hostile" &&
    awk -v name="$hostile" 'BEGIN { FS = OFS = ","; gsub(/[\\&]/, "\\\\&", name) }
      { for (i = 1; i <= NF; i++) if ($i == "cm") $i = name; print }' "$data/recorded-smoke/runs.csv" \
      >"$work/hostile/runs.csv" &&
    sed -i 's/^study_title=.*/study_title=- # 1. <b>t<\/b>/' "$work/hostile/MANIFEST" &&
    grep -q script "$work/hostile/runs.csv" && markdown "$work/hostile"
}

for name in recorded-paper recorded-xen-interference recorded-load-balancing recorded-kvm; do
  check "$name" markdown "$data/$name"
  check "... tables are whole" whole_tables "$work/report.md"
  check "... headings" headings "$work/report.md"
  check "... no line but of tables is longer than 120 columns" not env LC_ALL=C.UTF-8 grep -nE '^[^|!#].{120,}' \
    "$work/report.md"
done
check "recorded-smoke: it is what it was" same_as_before
check "hostile names" make_hostile
check "... tables are whole" whole_tables "$work/report.md"
check "... no element" not grep -q '<[a-z/]' "$work/report.md"
check "... no link" not grep -qE '(^|[^\\])\]\(' "$work/report.md"
check "... no code, strong or struck text" not grep -qE '(^|[^\\])(`|~|_)' "$work/report.md"
check "... the name is there" grep -qF 'a\|b&lt;script&gt;' "$work/report.md"
finish
