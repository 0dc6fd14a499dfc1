#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# The prober counts right: a port of the guests' network is taken off for known times, and no guest
# is there but its program, an ordinary process that answers. Unanswered packets cover the cut;
# TCP requests wait for the client's next retransmission.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$top_srcdir/tests/lab/lib.sh"

am_root || skip_all "not run as root"
cuts='50 80 120 200 310 510 800 1080 2140 5000'

# answer_in PID: the guest program, in the network namespace of a process
answer_in() {
  nsenter -t "$1" -n ip address add 10.112.1.1/16 dev guests || return 1
  : >"$work/guest.out"
  nsenter -t "$1" -n "$top_builddir/workloads/migcost-guest-check" idle address=10.112.1.1/16 \
    >"$work/guest.out" 2>&1 3>&- &
  guest_pid=$!
  timeout 300 tail -n +1 -f "$work/guest.out" | grep -q '^@[RF] '
}

probe_and_cut() {
  mkfifo "$work/probe.in"
  "$work/bin/lab-tool" probe "$(lab_get 1 prober)" 10.112.1.1 4747 <"$work/probe.in" \
    >"$work/probes" 3>&- &
  probe_pid=$!
  exec 5>"$work/probe.in"
  sleep 2
  # shellcheck disable=SC2086 # a list
  nsenter -t "$host0" -n "$work/bin/lab-tool" cut guests uplink $cuts >"$work/cuts"
  exec 5>&-
  wait "$probe_pid"
}

# judged: CUT OUTAGE COVERED STALL, ms, for each cut: how long; unanswered packets; most that one of
# them covers; longest wait of a request sent into it
judged() {
  awk '
    FILENAME ~ /cuts$/ { n++; off[n] = $1; on[n] = $2; next }
    $2 == "udp" && $7 == "-" { for (i = 1; i <= n; i++) if ($5 > off[i] - 5e7 && $5 < on[i] + 5e7) {
      outage[i] += $8; if ($8 > most[i]) most[i] = $8 } }
    $2 == "udp" && $7 == "-" { lost++; for (i = 1; i <= n; i++) if ($5 > off[i] - 5e7 && $5 < on[i] + 5e7) lost-- }
    $2 == "tcp" && $7 != "-" { for (i = 1; i <= n; i++)
      if ($6 > off[i] && $6 < on[i] && $7 - $6 > stall[i]) stall[i] = $7 - $6 }
    END {
      for (i = 1; i <= n; i++)
        printf "%.1f %.1f %.1f %.1f\n", (on[i] - off[i]) / 1e6, outage[i] / 1e6, most[i] / 1e6, stall[i] / 1e6
      exit lost > 0
    }' "$work/cuts" "$work/probes"
}

all_cut() {
  [ "$(wc -l <"$work/cuts")" = 10 ] && tail -n 1 "$work/probes" | grep -qx "done"
}

outages_right() { # within one period, or what the prober itself was late
  awk '{ d = $2 - $1; if (d < 0) d = -d; print; if (d > ($3 > 10 ? $3 : 10) + 0.5) bad = 1 }
    END { exit bad }' "$work/judged"
}

# The request is answered with the first retransmission after the cut: at the latest when the time
# since it was sent has doubled, and not before 0.2 s.
stalls_right() {
  awk '$1 >= 200 { print; if ($4 < $1 - 200 || $4 > 2 * $1 + 450) bad = 1; n++ }
    END { exit bad || n < 4 }' "$work/judged"
}

on_time() { # packets are sent when they are due, but for a few
  awk '$2 == "udp" { n++; if ($6 - $5 > 1e7) late++ }
    END { print late + 0, "of", n, "late"; exit !(n > 500) || late > n / 10 }' "$work/probes"
}

if ! lab_up 1 taps=1; then
  skip_all "no lab"
fi
if [ -z "$(lab_get 1 prober)" ]; then
  lab_end 1
  skip_all "no network: $(lab_get 1 lan_why_not)"
fi
directory=$(lab_get 1 directory)
host0=$(daemon_of "$directory" 0)
check "an ordinary process answers in a host's namespace" answer_in "$host0"
check "a port is taken off ten times, while the prober asks" probe_and_cut
check "all is told" all_cut
check "no packet is lost but in the cuts" eval 'judged >"$work/judged"'
check "what is unanswered covers each cut, within a period" outages_right
check "requests wait for TCP's next step" stalls_right
check "nine of ten packets are sent within a period" on_time
kill "$guest_pid" && wait "$guest_pid"
check "the lab ends" lab_end 1
check "nothing is left of it" eval 'no_processes_of "$directory" && gone "$directory"'
finish
