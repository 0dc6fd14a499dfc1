#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Do restored guests differ from booted ones? Runs of both kinds in turn, with the same seed, so that a machine that
# changes its speed does so to both; and how long a repetition takes outside its window, but for the first. Differences
# are restored less booted, paired by pair, repetition and guest, with 95 % intervals (Student's). Figures only:
# nothing passes or fails.
#
#   BENCH_PAIRS   pairs of runs (6)
#   BENCH_REPEAT  repetitions of each run (3)
#   BENCH_STUDY   the study (smoke)
# shellcheck source-path=SCRIPTDIR/../lab source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

pairs=${BENCH_PAIRS:-6} repeat=${BENCH_REPEAT:-3} study=${BENCH_STUDY:-smoke}

# values HOW PAIR: "metric key HOW value" of each sound repetition in $result
values() {
  awk -F, -v how="$1" -v pair="$2" '
    FNR == 1 { file++; for (i = 1; i <= NF; i++) at[file, $i] = i; next }
    function cell(name) { return $at[file, name] }
    function say(metric, key, value) { print metric, key, how, value }
    file == 1 && cell("status") == "ok" {
      run = cell("run")
      key[run] = pair "/" cell("case_label") "/" cell("repetition")
      begin[run] = cell("window_start_ns"); end[run] = cell("migrations_start_ns")
      if (cell("repetition") > 1) { # in the first, those that are restored boot, too, and are saved
        say("outside the window (s)", key[run],
            (cell("window_start_ns") - cell("started_ns") + cell("ended_ns") - cell("window_end_ns")) / 1e9)
        say("whole repetition (s)", key[run], (cell("ended_ns") - cell("started_ns")) / 1e9)
      }
    }
    file == 2 && cell("run") in key {
      k = key[cell("run")] "/" cell("guest")
      say("total time (s)", k, (cell("end_ns") - cell("start_ns")) / 1e9)
      say("downtime, guest (s)", k,
          (cell("first_destination_heartbeat_ns") - cell("last_source_heartbeat_ns")) / 1e9)
      say("sent (MB)", k, cell("sent_bytes") / 1e6)
    }
    file == 3 && cell("run") in key {
      k = cell("run") SUBSEP cell("guest"); time = cell("arrival_ns")
      if (time >= begin[cell("run")] && time <= end[cell("run")]) {
        if (!(k in first)) { first[k] = time; work[k] = cell("work_units") }
        last[k] = time; done[k] = cell("work_units")
      }
    }
    END {
      for (k in first) {
        split(k, part, SUBSEP)
        if (last[k] > first[k])
          say("work before (1/s)", key[part[1]] "/" part[2], (done[k] - work[k]) / (last[k] - first[k]) * 1e9)
      }
    }' "$result/runs.csv" "$result/migrations.csv" "$result/heartbeats.csv" | tr ' ' '_' |
    sed 's/_\([^_]*\)_\([a-z]*\)_\([^_]*\)$/ \1 \2 \3/'
}

for pair in $(seq "$pairs"); do
  order="restore boot"
  [ $((pair % 2)) = 1 ] || order="boot restore"
  for how in $order; do
    measure "$pair-$how" "$study" --quiet --repeat "$repeat" --seed "$pair" --start "$how"
    [ -e "$result/COMPLETE" ] || { cat "$work/err"; exit 99; }
    values "$how" "$pair" >>"$work/values"
    [ "$how" = boot ] || column guests start | sort | uniq -c
    rm -rf "$result"
  done
done

awk '
  { value[$1, $2, $3] = $4; if (!known[$1, $2]++) { keys[$1] = keys[$1] " " $2 } }
  END {
    printf "%-24s %4s %10s %10s %12s %s\n", "metric", "n", "booted", "restored", "difference", "95 % interval"
    for (metric in keys) {
      n = split(keys[metric], key, " "); m = sum = squares = b = r = 0
      for (i = 1; i <= n; i++)
        if ((metric, key[i], "boot") in value && (metric, key[i], "restore") in value) {
          d = value[metric, key[i], "restore"] - value[metric, key[i], "boot"]
          m++; sum += d; squares += d * d; b += value[metric, key[i], "boot"]; r += value[metric, key[i], "restore"]
        }
      if (m < 3) continue
      mean = sum / m; deviation = sqrt((squares - m * mean * mean) / (m - 1)); f = m - 1
      half = (1.96 + 2.37 / f + 2.82 / f / f) * deviation / sqrt(m)
      name = metric; gsub("_", " ", name)
      printf "%-24s %4d %10.4g %10.4g %12.4g %.4g to %.4g\n", name, m, b / m, r / m, mean, mean - half, mean + half
    }
  }' "$work/values"
