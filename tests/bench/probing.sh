#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What probing costs: the prober's CPU time, and the work of a guest that computes while it answers, emulated, on one
# CPU. Phases with each probe and without any in turn, so that a machine that changes its speed does so to all.
# Figures only: nothing passes or fails.
#
#   BENCH_ROUNDS  how often each probe is tried (5)
#   BENCH_PHASE   seconds of each (6)
# shellcheck source-path=SCRIPTDIR/../lab source=lib.sh
. "$top_srcdir/tests/lab/lib.sh"

rounds=${BENCH_ROUNDS:-5} phase=${BENCH_PHASE:-6}
address=10.112.1.1
probes="none echo:$address:4747 icmp:$address tcp:$address:9 tcp:$address:4747 http:$address:4747/"

start_guest() {
  guest_xml 1
  card="<interface type='ethernet'><mac address='52:54:00:4d:47:00'/>"
  card="$card<target dev='guest0' managed='no'/><model type='virtio'/></interface>"
  sed -i "s|panic=-1|& -- cpu period=100ms address=$address/16|; s|</devices>|$card&|" "$work/guest.xml"
  virsh_on 1 0 create "$work/guest.xml" && console_open 1 0
}

# last_beat: guest's clock and work units, hexadecimal, of the last heartbeat
last_beat() {
  tr -d '\r' <"$work/console.out" | grep '^@H [0-9a-f]* [0-9a-f]* [0-9a-f]* [0-9a-f]* ' | tail -n 1 |
    cut -d ' ' -f 3,4
}

# rate BEFORE AFTER: work units a second
rate() {
  # shellcheck disable=SC2086 # two words each
  set -- $1 $2
  echo $(((0x$4 - 0x$2) * 1000000 / ((0x$3 - 0x$1) / 1000)))
}

# try PROBE: "PROBE WORK/S CPU%"
try() {
  if [ "$1" != none ]; then
    rm -f "$work/probe.in"
    mkfifo "$work/probe.in"
    "$work/bin/lab-tool" probe "$(lab_get 1 prober)" "$1" <"$work/probe.in" >"$work/told" 3>&- &
    probe_pid=$!
    exec 6>"$work/probe.in"
  fi
  sleep 1
  before=$(last_beat)
  sleep "$phase"
  work_rate=$(rate "$before" "$(last_beat)")
  cpu=0
  if [ "$1" != none ]; then
    exec 6>&-
    wait "$probe_pid"
    cpu=$(sed -n 's/^done //p' "$work/told")
  fi
  echo "$1 $work_rate $cpu" >>"$work/tries"
}

lab_up 1 taps=1 >"$work/up.log" || { cat "$work/up.log"; exit 99; }
[ -n "$(lab_get 1 prober)" ] || { echo "no network: $(lab_get 1 lan_why_not)"; lab_end 1; exit 77; }
start_guest || { tail -n 5 "$work/console.out"; exit 99; }
sleep 3
for _ in $(seq "$rounds"); do
  for probe in $probes; do try "$probe"; done
done
lab_end 1
# a session of the prober lasts for a second before the phase, and for its last answers
awk -v phase="$phase" '
  { n[$1]++; if (n[$1] == 1) order[++kinds] = $1; w[$1, n[$1]] = $2; cpu[$1] += $3 / 1e9 / (phase + 1) }
  END {
    printf "%-24s %3s %14s %22s\n", "probe", "n", "prober, CPU", "work of the guest"
    for (k = 1; k <= kinds; k++) {
      p = order[k]; sum = sq = 0
      for (i = 1; i <= n[p]; i++) { r = w[p, i] / w["none", i]; sum += r; sq += r * r }
      mean = sum / n[p]; sd = n[p] > 1 ? sqrt((sq - n[p] * mean * mean) / (n[p] - 1) + 1e-12) : 0
      printf "%-24s %3d %12.1f %% %12.1f %% (sd %.1f)\n", p, n[p], cpu[p] / n[p] * 100, mean * 100, sd * 100
    }
  }' "$work/tries"
