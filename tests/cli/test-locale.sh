#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Where numbers have a decimal comma, nothing that migcost reads or writes has one: the same bytes
# as elsewhere.
. "$top_srcdir/tests/tap.sh"

data=$top_srcdir/tests/data
recorded=$data/recorded-load-balancing

# same COMMAND...: exit status, standard output and standard error are what they are without a
# locale
same() {
  plain=0 comma=0
  env LC_ALL=C "$@" >"$work/plain.out" 2>"$work/plain.err" || plain=$?
  in_comma_locale "$@" >"$work/comma.out" 2>"$work/comma.err" || comma=$?
  [ -s "$work/plain.out" ] || [ -s "$work/plain.err" ] || { echo "says nothing"; return 1; }
  [ "$plain" = "$comma" ] && diff "$work/plain.out" "$work/comma.out" &&
    diff "$work/plain.err" "$work/comma.err"
}

same_page() {
  (mkdir -p "$work/page/plain" && cd "$work/page/plain" &&
    LC_ALL=C "$migcost" report "$1" --format html -o page.html) &&
    (mkdir "$work/page/comma" && cd "$work/page/comma" &&
      in_comma_locale "$migcost" report "$1" --format html -o page.html) &&
    diff -r "$work/page/plain" "$work/page/comma" && [ -s "$work/page/comma/page.html" ]
}

fractions_in() { # FILE: it has numbers with decimals, or nothing was tested
  grep -qE '[0-9]\.[0-9]' "$1"
}

wrong_fleet() { # 2.5 of 1.5 CPUs
  { cat "$data/fleet.csv"; echo 'x,a,4 GiB,1.5,2.5,200 MiB,100 MiB,,,,,,'; } >"$work/fleet.csv"
  same "$migcost" plan "$work/fleet.csv" --empty a --stop-rule xen-4.4 &&
    contains "$work/comma.err" "2.5"
}

comma_in_study() { # a number with a comma is none, here as elsewhere
  sed 's/settle="3 s"/settle="1,5 s"/' "$top_srcdir/studies/smoke.xml" >"$work/comma.xml"
  same "$migcost" run "$work/comma.xml" --only no-such-case &&
    contains "$work/comma.err" "'1,5 s' is not a duration"
}

comma_locale || skip_all "localedef makes no locale with decimal commas here"
check "the locale is in force: other programs write commas" \
  test "$(in_comma_locale env printf %.1f 2,5)" = 2,5
check "a report" same "$migcost" report "$recorded"
check "... has decimals" fractions_in "$work/comma.out"
check "... as CSV" same "$migcost" report "$recorded" --format csv
check "... as JSON" same "$migcost" report "$recorded" --format json
check "... as a page, with the scripts and data of its figures" same_page "$data/recorded-smoke"
check "a comparison" same "$migcost" compare "$recorded" "$recorded"
check "... as JSON" same "$migcost" compare "$recorded" "$recorded" --format json
check "a plan" same "$migcost" plan "$data/fleet.csv" --stop-rule xen-4.4 --relieve a --below 2.5
check "... has decimals" contains "$work/comma.out" "Relieve to 2.5 CPUs"
check "... as JSON" same "$migcost" plan "$data/fleet.csv" --empty a --stop-rule xen-4.4 --json
check "... calibrated" same "$migcost" plan "$data/fleet.csv" --empty a --calibrate "$recorded"
check "... as a study" same sh -c \
  "'$migcost' plan '$data/fleet.csv' --empty a --stop-rule xen-4.4 -o '$work/plan.xml' && cat '$work/plan.xml'"
check "a message with numbers" wrong_fleet
check "a comma in a study" comma_in_study
check "a locale that is not there" env LC_ALL=xx_XX "$migcost" report "$recorded"
for name in analysis results study units; do
  check "unit tests: $name" in_comma_locale "$top_builddir/tests/unit/test-$name"
done
finish
