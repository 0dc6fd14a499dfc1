#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What observing takes from a guest that migrates: its work from the start of its migration until it stops, as migcost
# observes by default, with heartbeats every 10 ms throughout, and with one a second and no samples, each in turn.
# Figures only. Three runs take 2 minutes.
#
#   BENCH_ROUNDS   how often each (10)
#   BENCH_FIGURES  a file that the figures are appended to, so that rounds can be measured one at a time
# shellcheck source-path=SCRIPTDIR/../lab source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

rounds=${BENCH_ROUNDS:-10}
figures=${BENCH_FIGURES:-$work/figures}
cp "$top_srcdir/tests/bench/migrating.xml" "$work/"

# one_run KIND OPTION...: a line: kind; work units/s while it migrates, from the first heartbeat after the call to the last
# before the switch-over; seconds of that; total time; downtime by events and by heartbeats, ms; bounds of the latter
one_run() {
  kind=$1
  shift
  measure "$kind" migrating.xml --quiet "$@"
  [ "$status" = 0 ] || { cat err; exit 99; }
  start=$(column migrations start_ns)
  last=$(column migrations last_source_heartbeat_ns)
  awk -F, -v kind="$kind" -v start="$start" -v last="$last" -v end="$(column migrations end_ns)" \
    -v suspended="$(column migrations suspended_ns)" -v resumed="$(column migrations resumed_ns)" \
    -v first="$(column migrations first_destination_heartbeat_ns)" '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { t = $at["arrival_ns"] }
    t >= start && t <= last { if (!from) { from = t; done = $at["work_units"] } to = t; work = $at["work_units"] }
    END { printf "%s %.0f %.2f %.2f %.1f %.1f\n", kind, (work - done) / (to - from) * 1e9, (to - from) / 1e9,
                 (end - start) / 1e9, (resumed - suspended) / 1e6, (first - last) / 1e6 }' \
    "$result/heartbeats.csv" | tr '\n' ' ' >>"$figures"
  "$migcost" report --format json "$result" 2>/dev/null | tr ',{}' '\n\n\n' | awk -F: '
    /"downtime_guest_low_s"/ { low = $2 } /"downtime_guest_high_s"/ { high = $2 }
    END { printf "%.1f %.1f\n", low * 1000, high * 1000 }' >>"$figures"
  rm -rf "$result"
}

round=1
while [ "$round" -le "$rounds" ]; do
  one_run default
  one_run reference --heartbeat "1 s" --sampling 0
  one_run fast --heartbeat "10 ms" --sampling "100 ms"
  round=$((round + 1))
done

echo "A guest that updates 200 MB as fast as it can moves: its work until it stops"
echo "  kind, pages/s, of seconds, total time (s), downtime by events, silence, least and most downtime (ms)"
sed 's/^/  /' "$figures"
awk -v t="12.71 4.303 3.182 2.776 2.571 2.447 2.365 2.306 2.262 2.228 2.201 2.179 2.160 2.145" '
  BEGIN { split(t, quantile) }
  { rate[$1] = $2 }
  $1 == "fast" { for (kind in rate) if (kind != "reference") {
      ratio = rate[kind] / rate["reference"]; n[kind]++; sum[kind] += ratio; squares[kind] += ratio * ratio } }
  END { for (kind in n) { mean = sum[kind] / n[kind]
          half = n[kind] > 1 ? quantile[n[kind] - 1 > 14 ? 14 : n[kind] - 1] *
                 sqrt((squares[kind] - n[kind] * mean * mean) / (n[kind] - 1) / n[kind]) : 0
          printf "  %s / reference: %.3f +- %.3f (n = %d)\n", kind, mean, half, n[kind] } }' "$figures"
