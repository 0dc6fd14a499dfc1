#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# migcost compare, on recorded results: what it says, exit status, bad input. BASE is a recorded
# result; NEW is made of it by awk: times longer by some seconds. MIG_UPDATE_GOLDEN=1 writes the
# expected texts anew.
. "$top_srcdir/tests/tap.sh"

data=$top_srcdir/tests/data
base=$data/recorded-load-balancing

# runs_last DIR: ten minutes longer than in the base, so that longer migrations end in their runs
runs_last() {
  awk -F, -v OFS=, '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
    NR > 1 { $at["ended_ns"] = sprintf("%.0f", $at["ended_ns"] + 600e9) }
    { print }' "$base/runs.csv" >"$1/runs.csv"
}

# slower DIR SECONDS: the base with every migration that much longer; downtimes and bytes stay
slower() {
  cp -R "$base" "$1" && chmod -R u+w "$1" || return 1
  awk -F, -v OFS=, -v seconds="$2" '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
    NR > 1 { $at["end_ns"] = sprintf("%.0f", $at["end_ns"] + seconds * 1e9) }
    { print }' "$base/migrations.csv" >"$1/migrations.csv" && runs_last "$1"
}

# ended DIR STATUS: every run of cc did
ended() {
  cp -R "$base" "$1" && chmod -R u+w "$1" || return 1
  awk -F, -v OFS=, -v status="$2" '$2 == "cc" { $4 = status; $5 = "lost the link" } { print }' \
    "$base/runs.csv" >"$1/runs.csv"
}

# other DIR: another CPU, another link
other() {
  cp -R "$base" "$1" && chmod -R u+w "$1" || return 1
  sed -e 's/cpu model,AMD EPYC/cpu model,Other CPU/' \
    -e 's/configured,125000000/configured,1250000000/' \
    -e 's/measured,[0-9]*/measured,1190000000/' \
      -e 's/hypervisor version,10.0.2/hypervisor version,10.1.0/' \
    "$base/environment.csv" >"$1/environment.csv"
}

# by DIR: the base, by another technique, encrypted and limited, as its study says
by() {
  cp -R "$base" "$1" && chmod -R u+w "$1" || return 1
  sed 's/<migration /<migration technique="multifd" tls="yes" bandwidth="10 MiB\/s" /' \
    "$base/study.xml" >"$1/study.xml"
}

# constant DIR FACTOR: each case's migrations take the same time, to the nanosecond, in all
# repetitions, times a factor; downtimes are in whole milliseconds
constant() {
  cp -R "$base" "$1" && chmod -R u+w "$1" || return 1
  awk -F, -v OFS=, -v factor="$2" '
    FNR == NR { label[$1] = $2; next }
    FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
    function span(from, to,  key) {
      key = label[$1] OFS $at["step"] OFS substr($at["guest"], 1, 1) OFS to
      if (!(key in first)) first[key] = $at[to] - $at[from]
      $at[to] = sprintf("%.0f", $at[from] + first[key] * factor)
    }
    {
      span("start_ns", "end_ns")
      span("suspended_ns", "resumed_ns")
      span("last_source_heartbeat_ns", "first_destination_heartbeat_ns")
      key = label[$1] OFS $at["step"] OFS substr($at["guest"], 1, 1)
      if (!(key in reported)) { reported[key] = $at["downtime_reported_ns"]; sent[key] = $at["sent_bytes"] }
      $at["downtime_reported_ns"] = sprintf("%.0f", reported[key] * factor / 1e6) "000000"
      $at["sent_bytes"] = sent[key]
      print
    }' "$base/runs.csv" "$base/migrations.csv" >"$1/migrations.csv" && runs_last "$1"
}

# only DIR CONDITION: the base with those runs alone of which the condition holds (of awk, on runs.csv)
only() {
  cp -R "$base" "$1" && chmod -R u+w "$1" || return 1
  awk -F, "NR == 1 || ($2)" "$base/runs.csv" >"$1/runs.csv"
  awk -F, 'FNR == NR { kept[$1]; next } FNR == 1 || ($1 in kept)' "$1/runs.csv" \
    "$base/migrations.csv" >"$1/migrations.csv"
}

# backwards DIR: a clock that went back: the first migration ends 5 ms before it starts, the second
# one's guest is resumed 1 ms before it is suspended, and the third migration ends after its run
backwards() {
  cp -R "$base" "$1" && chmod -R u+w "$1" || return 1
  awk -F, -v OFS=, '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
    NR == 2 { $at["end_ns"] = sprintf("%.0f", $at["start_ns"] - 5e6) }
    NR == 3 { $at["resumed_ns"] = sprintf("%.0f", $at["suspended_ns"] - 1e6) }
    NR == 4 { $at["end_ns"] = sprintf("%.0f", $at["end_ns"] + 36e11) }
    { print }' "$base/migrations.csv" >"$1/migrations.csv"
}

golden() { # NAME COMMAND...: its standard output is tests/data/compare-NAME
  name=$1
  shift
  run "$@"
  [ -z "${MIG_UPDATE_GOLDEN-}" ] || cp "$work/out" "$data/compare-$name"
  diff -u "$data/compare-$name" "$work/out"
}

answers() { # STATUS COMMAND...: on standard output alone
  want=$1
  shift
  run "$@"
  exits "$want" && [ -s "$work/out" ] && [ ! -s "$work/err" ]
}

says() { contains_words "$work/out" "$1"; } # TEXT

slower "$work/slow" 300
slower "$work/little" 0.1
ended "$work/failing" failed
ended "$work/skipped" skipped
ended "$work/interrupted" interrupted
other "$work/other"
by "$work/by"
constant "$work/constant" 1
constant "$work/seven" 1.07
constant "$work/three" 1.03
constant "$work/gone" 0
only "$work/missing" '$2 != "mm"'
only "$work/single" '$3 == 1'
only "$work/empty" 0
backwards "$work/backwards"

check "a result against itself: the text" golden itself.txt "$migcost" compare "$base" "$base"
check "migrations that take 300 s longer: the text" \
  golden slow.txt "$migcost" compare "$base" "$work/slow"
check "the JSON" golden slow.json "$migcost" compare "$base" "$work/slow" --case cm \
  --metric total_time_s --format json
check "the page" golden slow.html "$migcost" compare "$base" "$work/slow" --case cm --format html
check "another CPU and link: a warning first" \
  golden other.txt "$migcost" compare "$base" "$work/other" --case cc
check "another way to migrate: a warning" answers 0 "$migcost" compare "$base" "$work/by"
check "... names the technique" says "migrations, technique: BASE pre-copy; NEW multifd"
check "... TLS" says "migrations, TLS: BASE no; NEW yes"
check "... the limit" says "migrations, bandwidth limit: BASE none; NEW 10 MiB/s"
check "... and what it means" says "Warning: not measured under the same conditions"
check "a case that only fails" \
  golden failing.txt "$migcost" compare "$base" "$work/failing" --case cc --case cm

check "itself is no regression" answers 0 "$migcost" compare "$base" "$base" --fail-on-regression
check "longer times are one" answers 3 "$migcost" compare "$base" "$work/slow" --fail-on-regression
check "shorter times are none" answers 0 "$migcost" compare "$work/slow" "$base" --fail-on-regression
check "nothing fails without being asked to" answers 0 "$migcost" compare "$base" "$work/slow"
check "a case that only fails is a regression" \
  answers 3 "$migcost" compare "$base" "$work/failing" --fail-on-regression
check "0.1 s more are not shown by so few runs, whatever the threshold" \
  answers 0 "$migcost" compare "$base" "$work/little" --threshold 0 --fail-on-regression

# Repetitions without any scatter: the resolution of each metric decides.
check "no scatter, itself" answers 0 "$migcost" compare "$work/constant" "$work/constant" \
  --fail-on-regression
check "... shows no difference in anything" contains "$work/out" \
  "Of 20 comparisons 20 show no difference"
check "no scatter, 7 % longer" answers 3 "$migcost" compare "$work/constant" "$work/seven" \
  --fail-on-regression
longer() { # VERDICT: of total time in the four cases
  [ "$(grep -c "total time, s .*  $1\$" "$work/out")" = 4 ]
}
check "... is worse in each case's time" longer worse
check "no scatter, 3 % longer: differs, is no regression" answers 0 "$migcost" compare \
  "$work/constant" "$work/three" --fail-on-regression
check "... which is said" longer "differs, not shown to matter"
check "no scatter, and no time at all" answers 0 "$migcost" compare "$work/constant" "$work/gone" \
  --fail-on-regression
check "... is better" longer better
check "... and the other way round worse" answers 3 "$migcost" compare "$work/gone" "$work/constant" \
  --fail-on-regression

# A case that NEW lacks.
check "a missing case is a regression" answers 3 "$migcost" compare "$base" "$work/missing" \
  --fail-on-regression
check "... which is said" says \
  "NEW has no run of 1 case that BASE measured: mm; that is a regression"
check "... but where it is allowed" answers 0 "$migcost" compare "$base" "$work/missing" \
  --fail-on-regression --allow-missing
check "... or not asked for" answers 0 "$migcost" compare "$base" "$work/missing" --case cm \
  --fail-on-regression
check "... and without --fail-on-regression" answers 0 "$migcost" compare "$base" "$work/missing"
for how in skipped interrupted; do
  check "a case of which all runs were $how is missing" answers 3 "$migcost" compare "$base" \
    "$work/$how" --fail-on-regression
  check "... which is said" says "NEW has no run of 1 case that BASE measured: cc;"
  check "... and none of them failed" not contains "$work/out" "Runs that failed"
  check "... but where it is allowed" answers 0 "$migcost" compare "$base" "$work/$how" \
    --fail-on-regression --allow-missing
done
check "a case that only NEW has is none" answers 0 "$migcost" compare "$work/missing" "$base" \
  --fail-on-regression
check "no runs at all: all cases are missing" answers 3 "$migcost" compare "$base" "$work/empty" \
  --fail-on-regression

# Impossible values are named, and not counted.
named() {
  run "$migcost" compare "$base" "$work/backwards"
  [ "$status" = 0 ] &&
    says "NEW, $work/backwards/migrations.csv:2: end_ns is 5.00 ms before start_ns (run 1" &&
    says "migrations.csv:3: resumed_ns is 1.00 ms before suspended_ns (run 1" &&
    says "after its run's ended_ns (run 2" &&
    grep -q 'total time, s .* 3, 2 ' "$work/out"
}
check "impossible values: named with file and line, not counted" named
check "... in a report too" sh -c "'$migcost' report '$work/backwards' --format csv >/dev/null &&
  '$migcost' report '$work/backwards' --format json | grep -q 'migrations.csv:2: end_ns is 5.00 ms'"

# Nothing to compare: why.
unplanned() { # DIR: neither a run nor a schedule
  cp -R "$base" "$1" && chmod -R u+w "$1" || return 1
  for table in runs schedule migrations guests; do
    head -n 1 "$base/$table.csv" >"$1/$table.csv" || return
  done
}
check "a result without runs" unplanned "$work/unplanned"
check "... is not compared with" fails_with 1 "'$work/unplanned' has no counted run" \
  "$migcost" compare "$work/unplanned" "$base"
planned_less() { # DIR: as if the study had no case mm
  only "$1" '$2 != "mm"' && sed '/,mm,/d' "$base/schedule.csv" >"$1/schedule.csv"
}
check "a result without the case" planned_less "$work/less"
check "... that is asked for" fails_with 1 "only '$base' has case 'mm'" \
  "$migcost" compare "$work/less" "$base" --case mm
check "a metric that nobody measured" fails_with 1 "neither has measured 'outage_s'" \
  "$migcost" compare "$base" "$base" --metric outage_s

# What is smaller is cheaper: scales are not mixed.
scaled() { # DIR SCALE
  cp -R "$base" "$1" && chmod -R u+w "$1" && printf 'scale=%s\n' "$2" >>"$1/MANIFEST"
}
scaled "$work/quarter" 1/4
scaled "$work/decimal" 0.25
check "two scales" fails_with 2 \
  "at full size with '$work/quarter' at scale 1/4: scales differ; compare results of one scale" \
  "$migcost" compare "$base" "$work/quarter"
check "one scale, written in two ways" answers 0 "$migcost" compare "$work/quarter" "$work/decimal"
check "... which is said" says "NEW: load-balancing at scale 0.25, "
scaled "$work/none" 5
check "a scale that is none" fails_with 1 "$work/none/MANIFEST: '5' is not a scale" \
  "$migcost" compare "$base" "$work/none"

# One repetition: nothing can be tested, and that is said.
untested() {
  run "$migcost" compare "$base" "$work/single" --fail-on-regression
  [ "$status" = 0 ] && contains "$work/out" "Nothing could be tested" &&
    contains "$work/out" "too few runs (2 of each needed)" && not grep -q 'all 0 tests' "$work/out"
}
check "one repetition" untested

# with -o the exit status stays, and standard output is empty
to_file() {
  run "$migcost" compare "$base" "$work/slow" --fail-on-regression -o "$work/file"
  [ "$status" = 3 ] && [ ! -s "$work/out" ] && contains "$work/file" "worse"
}
check "--output" to_file
# what is no file stays what it is, as does a link
to_pipe() {
  mkfifo "$work/pipe" || return 1
  cat "$work/pipe" >"$work/piped" &
  reader=$!
  "$migcost" compare "$base" "$work/slow" -o "$work/pipe" && test -p "$work/pipe" ||
    { kill $reader; return 1; }
  wait $reader && contains "$work/piped" "worse"
}
check "... a pipe is written to" to_pipe
to_link() {
  echo before >"$work/behind"
  ln -s behind "$work/link"
  "$migcost" compare "$base" "$work/slow" -o "$work/link" && test -L "$work/link" &&
    contains "$work/behind" "worse"
}
check "... what a link leads to is replaced, not the link" to_link
same_bytes() {
  "$migcost" compare "$base" "$work/slow" --metric all --format json >"$work/one" &&
    "$migcost" compare "$base" "$work/slow" --metric all --format json | cmp - "$work/one"
}
check "the same bytes twice" same_bytes

# names that would be elements of a page are text in it
hostile_page() {
  cp -R "$work/slow" "$work/hostile" && chmod -R u+w "$work/hostile" &&
    sed -i 's/^study_name=.*/study_name=<script>alert(1)<\/script>/' "$work/hostile/MANIFEST" &&
    sed -i 's/hypervisor version,10.0.2/hypervisor <img src=x>,"\&lt;b>"/' \
      "$work/hostile/environment.csv" &&
    "$migcost" compare "$base" "$work/hostile" --format html >"$work/page" &&
    contains "$work/page" '&lt;script&gt;alert(1)' &&
      contains "$work/page" 'hypervisor &lt;img src=x&gt;' &&
    not grep -qE '<(script|img|b)>' "$work/page"
}
check "hostile names in a page" hostile_page
if command -v xmllint >/dev/null; then
  check "... which is well-formed" sh -c \
    "sed -e 1d -e '/^<meta /d' '$work/page' >'$work/page.xml' && xmllint --noout '$work/page.xml'"
else
  skip "... which is well-formed" "no xmllint"
fi

check "an unknown metric" \
  fails_with 2 "unknown metric 'speed'" "$migcost" compare "$base" "$base" --metric speed
check "a metric without direction" \
  fails_with 2 "no better or worse" "$migcost" compare "$base" "$base" --metric rounds
check "an unknown case" fails_with 2 "has a case 'xx'" "$migcost" compare "$base" "$base" --case xx
check "an unknown format" \
  fails_with 2 "expected text, json or html" "$migcost" compare "$base" "$base" --format csv
check "a negative threshold" \
  fails_with 2 "from 0 to 100" "$migcost" compare "$base" "$base" --threshold=-1
check "a threshold that is no number" \
  fails_with 2 "--threshold" "$migcost" compare "$base" "$base" --threshold=nan
check "one directory" fails_with 2 "missing argument" "$migcost" compare "$base"
check "no such directory" fails_with 1 "no-such" "$migcost" compare "$base" "$work/no-such"
check "no case in common" \
  fails_with 1 "cannot compare" "$migcost" compare "$base" "$data/recorded-smoke" --case mm
finish
