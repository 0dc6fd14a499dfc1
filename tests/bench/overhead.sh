#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What observing costs where no guest moves: CPU time of migcost and of the lab's daemons, memory of migcost, and the
# work of four guests that compute, with and without. Figures only: nothing passes or fails. A pair takes 90 s; on a
# busy machine, or a virtual one that changes its speed, the interval says so.
#
#   BENCH_SECONDS  length of each measurement (20)
#   BENCH_PAIRS    pairs with and without observation (10)
#   BENCH_KINDS    what is measured in each: default, fast (10 ms, samples each 100 ms); none is the other of each pair
#   BENCH_FIGURES  a file that the figures are appended to, so that pairs can be measured one at a time
# shellcheck source-path=SCRIPTDIR/../lab source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

seconds=${BENCH_SECONDS:-20}
pairs=${BENCH_PAIRS:-10}
kinds=${BENCH_KINDS:-default}
figures=${BENCH_FIGURES:-$work/figures}
cp "$top_srcdir/tests/bench/four.xml" "$work/"

cpu_ticks() { # PID
  # shellcheck disable=SC2046
  set -- $(sed 's/.*) //' "/proc/$1/stat")
  shift 11
  echo $(($1 + $2))
}

memory_kib() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$run_pid/status"; }

daemon_of() { # 0|1: the daemon of this host of the lab
  processes_of "$lab/$1" | awk '$2 ~ /(libvirtd|virtqemud)$/ { print $1; exit }'
}

# Work units per second of all guests together, from the end of the settling on.
throughput() {
  awk -F, -v from="$(column runs window_start_ns)" '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["arrival_ns"] < from { next }
    { guest = $at["guest"]; end[guest] = $at["arrival_ns"]; work[guest] = $at["work_units"] }
    !(guest in begin) { begin[guest] = end[guest]; first[guest] = work[guest] }
    END { for (guest in begin) sum += (work[guest] - first[guest]) / (end[guest] - begin[guest]) * 1e9
          printf "%.0f\n", sum }' "$result/heartbeats.csv"
}

# observe KIND: one measurement; its figures on a line: kind, CPU of migcost and of both daemons, their sum, memory of
# migcost before and after, work units per second
observe() {
  kind=$1
  result=$work/results/$kind
  case $kind in
    default) set -- ;;
    fast) set -- --heartbeat "10 ms" --sampling "100 ms" ;;
    none) set -- --heartbeat "4 s" --sampling 0 ;;
  esac
  start four.xml -o "$result" "$@"
  wait_line ": baseline" || exit 99
  lab=$(lab_of "$result")
  processes="$run_pid $(daemon_of 0) $(daemon_of 1)"
  memory=$(memory_kib)
  for pid in $processes; do cpu_ticks "$pid"; done >before
  sleep "$seconds"
  for pid in $processes; do cpu_ticks "$pid"; done >after
  memory="$memory $(memory_kib)"
  kill -s INT "$run_pid"
  wait_run
  # shellcheck disable=SC2046
  echo "$kind" $(paste before after | awk -v s="$seconds" -v hz="$(getconf CLK_TCK)" '
    { share = 100 * ($2 - $1) / hz / s; sum += share; printf "%.2f ", share } END { printf "%.2f\n", sum }') \
    "$memory" "$(throughput)" >>"$figures"
  rm -rf "$result"
}

touch "$figures"
pair=1
while [ "$pair" -le "$pairs" ]; do
  for kind in $kinds; do
    # each of the two comes first in every other pair: what one leaves behind meets both
    if [ $(($(wc -l <"$figures") / 2 % 2)) = 0 ]; then
      observe "$kind"
      observe none
    else
      observe none
      observe "$kind"
    fi
  done
  pair=$((pair + 1))
done

echo "Four guests that compute on one CPU, over $seconds s; default: as migcost observes; fast: heartbeats every 10 ms,"
echo "samples every 100 ms; none: heartbeats every 4 s, no samples. CPU time in percent of a core; work units/s of all"
awk '
  BEGIN { printf "  %-8s %8s %8s %12s %6s %10s %10s %14s\n", "", "migcost", "source", "destination", "sum",
                 "RSS, KiB", "at end", "work units/s" }
  { printf "  %-8s %8s %8s %12s %6s %10s %10s %14s\n", $1, $2, $3, $4, $5, $6, $7, $8 }' "$figures"
awk -v t="12.71 4.303 3.182 2.776 2.571 2.447 2.365 2.306 2.262 2.228 2.201 2.179 2.160 2.145" '
  function add(what, value) { n[what]++; sum[what] += value; squares[what] += value * value }
  function tell(what, unit,   mean, half) {
    mean = sum[what] / n[what]
    half = n[what] > 1 ? quantile[n[what] - 1 > 14 ? 14 : n[what] - 1] *
           sqrt((squares[what] - n[what] * mean * mean) / (n[what] - 1) / n[what]) : 0
    printf "%.3f +- %.3f%s (n = %d)\n", mean, half, unit, n[what] }
  BEGIN { split(t, quantile) }
  $1 == "none" { without = $8 }
  $1 != "none" { kind = $1; with = $8; add(kind " CPU", $5); kinds[kind] }
  with && without { add(kind, with / without); with = without = 0 }
  END { for (kind in kinds) {
          printf "  %s: work with / without, mean and 95 %% interval: ", kind; tell(kind, "")
          printf "  %s: CPU of migcost and daemons: ", kind; tell(kind " CPU", " % of a core") } }' "$figures"
