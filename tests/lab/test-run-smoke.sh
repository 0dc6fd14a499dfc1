#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# The whole job: one command, real guests, real migrations, a complete result, nothing left. As
# root, and as an ordinary user where numbers have a decimal comma; that one is a plan's study, held
# to what it predicted.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

complete() {
  is_complete || return 1
  for file in MANIFEST study.xml run.log domains/c1-source.xml domains/m1-source.xml \
    console/1-c1-source.log console/1-m1-source.log environment.csv schedule.csv runs.csv \
      guests.csv \
    migrations.csv rounds.csv samples.csv heartbeats.csv events.csv; do
    [ -s "$result/$file" ] || { echo "empty or missing: $file"; return 1; }
  done
}

rounds_present() { # of each guest, numbered from 1 without a hole
  awk -F, 'NR > 1 { if ($3 != ++n[$2]) bad = 1 } END { exit bad || n["c1"] < 2 || n["m1"] < 2 }' \
    "$result/rounds.csv"
}

# The three downtimes: the hypervisor's and that of the events are the same thing; the guest's
# silence holds it, up to its resolution of one period.
downtimes_agree() {
  downtimes_are 'reported > 0 && events > 0 && reported - events <= 50e6 && events - reported <= 50e6 &&
    silence >= events - 10e6'
}

# Each guest beats once a second before its migration and in the end, and faster when it stops.
paced() {
  query heartbeats '
    { guest = $at["guest"]; if (!(guest in last) && $at["period_ns"] != 1e9) bad = 1; last[guest] = $at["period_ns"] }
    END { for (guest in last) { n++; if (last[guest] != 1e9) bad = 1 } exit bad || n != 2 }' &&
    [ -z "$(column migrations heartbeat_period_ns | grep -vxE '10000000|200000000')" ] ||
    { cut -d, -f2,3,4,8 "$result/heartbeats.csv"; cat "$result/migrations.csv"; false; }
}

observing_told() {
  [ -n "$(column runs observing_before_ns)" ] && [ -n "$(column runs observing_after_ns)" ] &&
    [ "$(grep -c '^[a-z]*,observing [a-z]* migrations,' "$result/environment.csv")" = 9 ]
}

json_parses() {
  # shellcheck disable=SC2086
  $as "$migcost" report --format json "$result" >report.json && [ -s report.json ] || return 1
  if command -v jq >/dev/null; then jq -e '.cases | length == 1' report.json
  elif command -v json_pp >/dev/null; then json_pp <report.json
  else head -c 1 report.json | grep -q '{' && tail -n 1 report.json | grep -q '}'
  fi
}

points_only() { # no cell is a number with a comma, which would be quoted
  not grep -E '"-?[0-9]+,[0-9]+"' "$result"/*.csv
}

# The guests of smoke.xml as a fleet, planned without a calibration; with its times.
plan_smoke() {
  printf '%s\n' \
    vm,host,memory,cpus,cpu,used,wss,dirty_pages_per_s,max_downtime,apart,to,link,max_parallel \
    ',source,4 GiB,1,,,,,,,,1 Gbit/s,1' ',destination,4 GiB,1,,,,,,,,1 Gbit/s,1' \
    'c1,source,128 MiB,1,1,16 MiB,,,,,,,' 'm1,source,128 MiB,1,1,,32 MB,2000,,,,,' \
      >"$work/smoke.csv"
  "$migcost" plan "$work/smoke.csv" --empty source -o "$work/planned.xml" --alternatives none &&
    sed -i 's|^</study>|<timing settle="3 s" baseline="2 s" window="12 s" repetitions="1"/>&|' \
      "$work/planned.xml" &&
    chmod a+r "$work/planned.xml"
}

# Five quantities of the case, four of each migration; the report has a measurement beside each.
predictions_held() {
  [ "$(grep -c '^[cm]1-[cm]1,plan,' "$result/predictions.csv")" = 13 ] && is_readable >held.txt &&
    contains held.txt "Predicted and measured" &&
    [ "$(sed -n '/^Each migration/,/^ *Seconds/p' held.txt | grep -c '^  [cm]1-[cm]1  [cm]1  .* 1  -  ')" = 8 ] ||
    { cat "$result/predictions.csv" held.txt; false; }
}

page_named() {
  contains out "Page: $result/report.html" && contains "$result/report.html" '<h2>In short</h2>'
}

smoke() { # WHO STUDY
  study=$2
  measure "smoke-$1" "$study"
  lab=$(lab_of "$result")
  check "$1: it succeeds" exits 0
  check "$1: the table is on standard output" grep -qE '^(cm|[cm]1-[cm]1) +1 ' out
  check "$1: the first screen is one" test "$(wc -l <out)" -le 24
  check "$1: the page is there, and named" page_named
  check "$1: it tells where the result is" contains out "Result: $result"
  check "$1: progress is on standard error" \
    grep -qE '^\[1/1\] (cm|[cm]1-[cm]1), repetition 1 of 1: migrating' err
  check "$1: the result is complete" complete
  check "$1: two migrations" has_rows 2 migrations
  check "$1: each is sound" all_are ok migrations status
  check "$1: the repetition is sound" all_are ok runs status
  check "$1: no heartbeat is lost" all_are 0 guests heartbeats_lost
  check "$1: none at the switch" all_are 0 migrations lost_at_switch
  check "$1: none goes back" all_are 0 guests heartbeats_backwards
  check "$1: none is garbled" all_are 0 guests checksum_errors
  check "$1: guests beat fast only when they stop" paced
  check "$1: it says what observing took" observing_told
  check "$1: rounds are recorded" rounds_present
  check "$1: the three downtimes agree" agrees_once downtimes_agree "smoke-$1" "$study"
  check "$1: numbers have decimal points" points_only
  check "$1: the report as text" is_readable
  check "$1: the report as JSON" json_parses
  check "$1: the lab is known" test -n "$lab"
  check "$1: nothing is left" left_nothing "$lab"
}

if am_root; then
  smoke root smoke
else
  skip "root" "not run as root"
fi
if as_user; then
  if comma_locale; then as="$as env -u LC_ALL LOCPATH=$work LC_NUMERIC=comma"; fi
  check "a plan as a study" plan_smoke
  smoke user "$work/planned.xml"
  check "user: what was predicted stands beside what was measured" predictions_held
else
  skip "ordinary user" "root cannot become an ordinary user here"
fi
finish
