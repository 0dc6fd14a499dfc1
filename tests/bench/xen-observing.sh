#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# How much observing disturbs on Xen, where xenconsoled and libvirtd share the CPU with the guests:
# throughput before the migrations and their times, at three heartbeat periods and two sampling
# periods. Each block runs every combination once, in an order drawn with a recorded seed. Two
# guests, one that computes and one that updates its memory, keep the CPU busy: with four,
# migrations take so long that their scatter hides what observing adds. About a minute a run on the
# emulated pair; MIGCOST_BLOCKS=1 for a quick look.
# shellcheck source-path=SCRIPTDIR source=../xen/lib-xen.sh
. "$top_srcdir/tests/xen/lib-xen.sh"

blocks=${MIGCOST_BLOCKS:-3}
seed=${MIGCOST_SEED:-1}
results=${MIGCOST_RESULTS:-$work/results}

up() { "$xen_pair" up --initrd "$work/bin/guest.cpio.gz" >"$work/pair" && pair_is "$work/pair"; }

# combinations BLOCK: "HEARTBEAT-MS SAMPLING-MS" each, shuffled
combinations() {
  for heartbeat in 10 50 200; do for sampling in 100 1000; do echo \
    "$heartbeat $sampling"; done; done |
    awk -v seed="$seed$1" 'BEGIN { srand(seed) } { print rand(), $0 }' | sort -n | cut -d' ' -f2-
}

# row RESULT: throughput of each class in the baseline, in work units/s, and time and silence of
# each migration
row() {
  awk -F, '
    FNR == 1 { file++; for (i = 1; i <= NF; i++) at[file, $i] = i; next }
    file == 1 { from = $at[1, "window_start_ns"]; to = $at[1, "migrations_start_ns"]; next }
    file == 2 { time[$at[2, "guest"]] = ($at[2, "end_ns"] - $at[2, "start_ns"]) / 1e9
                silence[$at[2, "guest"]] = ($at[2, "first_destination_heartbeat_ns"] -
                                            $at[2, "last_source_heartbeat_ns"]) / 1e9
                if ($at[2, "status"] != "ok") bad = 1; next }
    { t = $at[3, "arrival_ns"]; if (t < from || t > to) next
      g = $at[3, "guest"]; if (!(g in t0)) { t0[g] = t; w0[g] = $at[3, "work_units"] }
      t1[g] = t; w1[g] = $at[3, "work_units"] }
    END { for (g in t0) if (t1[g] > t0[g])
            sum[substr(g, 1, 1)] += (w1[g] - w0[g]) / (t1[g] - t0[g]) * 1e9
          print sum["c"], sum["m"], time["c1"], time["m1"], silence["c1"], silence["m1"]
          exit bad }' \
    "$1/runs.csv" "$1/migrations.csv" "$1/heartbeats.csv"
}

# mean, and half of the 95 % interval by Student's t, of each value over the blocks
table() {
  awk '
    BEGIN { split("12.71 4.303 3.182 2.776 2.571 2.447 2.365 2.306 2.262", t)
      printf "%9s %9s  n  c units/s  m pages/s  c1 time, s  m1 time, s  ", "heartbeat", "sampling"
      print "c1 silence, s  m1 silence, s" }
    { k = sprintf("%6s ms %6s ms", $1, $2); if (!(k in n)) order[++keys] = k; n[k]++
      for (i = 3; i <= NF; i++) { s[k, i] += $i; q[k, i] += $i * $i } }
    END { for (j = 1; j <= keys; j++) { k = order[j]; line = k "  " n[k]
        for (i = 3; i <= 8; i++) { mean = s[k, i] / n[k]
          half = n[k] > 1 ? t[n[k] - 1] * sqrt((q[k, i] - n[k] * mean * mean) / (n[k] - 1) / n[k]) : 0
          line = line sprintf("  %.4g +- %.2g", mean, half) }
        print line } }' "$1"
}

cat >observing.xml <<'END'
<study name="observing">
  <hosts><host name="source" cpu="0"/><host name="destination" cpu="0"/></hosts>
  <workload name="c" type="cpu"/>
  <workload name="m" type="memory" wss="32 MB"/>
  <guest name="c1" workload="c" memory="128 MiB"/>
  <guest name="m1" workload="m" memory="128 MiB"/>
  <cases><sequence>c1 m1</sequence></cases>
  <timing settle="3 s" baseline="15 s" window="30 s" repetitions="1" ready-timeout="5 min"/>
</study>
END

build_or_skip
check "both hosts come up" up
[ "$failures" = 0 ] || { echo 'Bail out! no hosts'; exit 99; }
echo "# seed $seed, $blocks blocks"
: >rows
for block in $(seq "$blocks"); do
  combinations "$block" >order
  while read -r heartbeat sampling; do
    result=$results/observing-$block-$heartbeat-$sampling
    run "$migcost" run observing.xml -q --source "$source" --destination "$destination" \
      --heartbeat "$heartbeat ms" --sampling "$sampling ms" -o "$result" </dev/null
    check "block $block, heartbeats $heartbeat ms, samples $sampling ms" exits 0
    if values=$(row "$result"); then echo "$heartbeat $sampling $values" | tee -a rows |
      sed 's/^/# /'; fi
  done <order
done
sort -n rows >sorted
table sorted
finish
