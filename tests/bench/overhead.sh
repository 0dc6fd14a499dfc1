#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What observing costs: CPU time of migcost and of the lab's daemons, memory of migcost, and the guests'
# throughput with and without. Four guests that compute, no migration. Figures only: nothing passes or
# fails. Takes about 6 minutes; on a busy machine the spread says so.
#
#   BENCH_SECONDS  length of each measurement (20)
#   BENCH_PAIRS    pairs with and without observation (3)
# shellcheck source-path=SCRIPTDIR/../lab source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

seconds=${BENCH_SECONDS:-20}
pairs=${BENCH_PAIRS:-3}
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

# observe NAME HEARTBEAT SAMPLING: one measurement; its figures on a line of $work/figures
observe() {
  result=$work/results/$1
  start four.xml -o "$result" --heartbeat "$2" --sampling "$3"
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
  echo "$1" $(paste before after | awk -v s="$seconds" -v hz="$(getconf CLK_TCK)" '
    { share = 100 * ($2 - $1) / hz / s; sum += share; printf "%.2f ", share } END { printf "%.2f\n", sum }') \
    "$memory" "$(throughput)" >>figures
  rm -rf "$result"
}

observe heartbeats-only "10 ms" 0
observe sampling-only "1 s" "100 ms"
pair=1
while [ "$pair" -le "$pairs" ]; do
  observe "observed-$pair" "10 ms" "100 ms"
  observe "unobserved-$pair" "1 s" 0
  pair=$((pair + 1))
done

echo "CPU time, in percent of one core, and memory, over $seconds s with 4 guests"
echo "  observed: heartbeats every 10 ms, samples every 100 ms; unobserved: heartbeats every 1 s, no samples"
awk '
  BEGIN { printf "  %-16s %8s %8s %12s %6s %10s %10s %14s\n", "", "migcost", "source", "destination", "sum",
                 "RSS, KiB", "at end", "work units/s" }
  { printf "  %-16s %8s %8s %12s %6s %10s %10s %14s\n", $1, $2, $3, $4, $5, $6, $7, $8 }' figures
awk '
  $1 ~ /^observed/ { with = $8 }
  $1 ~ /^unobserved/ { ratio = with / $8; n++; sum += ratio; squares += ratio * ratio
                       list = list sprintf(" %.4f", ratio) }
  END { mean = sum / n; variance = n > 1 ? (squares - n * mean * mean) / (n - 1) : 0
        printf "Throughput of the guests, observed / unobserved: %.4f, standard deviation %.4f (%d pairs:%s)\n",
               mean, sqrt(variance > 0 ? variance : 0), n, list }' figures
