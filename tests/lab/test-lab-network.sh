#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# The prober counts right: a port of the guests' network is taken off for known times, and no guest
# is there but its program, an ordinary process that answers. Unanswered packets cover the cut;
# TCP requests wait for the client's next retransmission. Guests that are somebody's, asked by ICMP
# echo or new connections alone, are down for as long. MIGCOST_TEST_CUTS: how many cuts (make
# bench-prober: 100).
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$top_srcdir/tests/lab/lib.sh"

am_root || skip_all "not run as root"

# answer_in PID: the guest program, behind a port of its own of the bridge in that network namespace,
# as a guest is: the bridge itself would be down without its uplink, and come up again in its time
answer_in() {
  unshare -n sleep 100000 3>&- &
  home_pid=$!
  until [ "$(readlink "/proc/$home_pid/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.1; done
  nsenter -t "$1" -n ip link add port type veth peer name eth0 netns "$home_pid" &&
    nsenter -t "$1" -n ip link set port master guests up &&
    nsenter -t "$home_pid" -n ip address add 10.112.1.1/16 dev eth0 &&
    nsenter -t "$home_pid" -n ip link set eth0 up || return 1
  : >"$work/guest.out"
  nsenter -t "$home_pid" -n "$top_builddir/workloads/migcost-guest-check" idle \
    address=10.112.1.1/16 >"$work/guest.out" 2>&1 3>&- &
  guest_pid=$!
  timeout 300 tail -n +1 -f "$work/guest.out" | grep -q '^@[RF] '
}

probe_and_cut() {
  mkfifo "$work/probe.in"
  "$work/bin/lab-tool" probe "$(lab_get 1 prober)" echo:10.112.1.1:4747 icmp:10.112.1.1 tcp:10.112.1.1:9 \
    <"$work/probe.in" \
    >"$work/told" 3>&- &
  probe_pid=$!
  exec 5>"$work/probe.in"
  sleep 2
  # shellcheck disable=SC2086 # a list
  nsenter -t "$host0" -n "$work/bin/lab-tool" cut guests uplink $cuts >"$work/cuts"
  exec 5>&-
  wait "$probe_pid"
  grep '^0 ' "$work/told" >"$work/probes"
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
  [ "$(wc -l <"$work/cuts")" = "$n_cuts" ] && tail -n 1 "$work/told" | grep -q "^done [0-9]"
}

# right WHAT: of lines with a cut, what was unanswered and the most that one probe covers: how many
# are right within one period, or what the prober itself was late; all are
right() {
  awk -v what="$1" -v period="$2" '
    { d = $2 - $1; if (d < 0) d = -d; if (d > worst) worst = d; print
      if (d > ($3 > period ? $3 : period) + 0.5) bad++ }
    END { printf "%s: %d of %d right, at most %.1f ms off\n", what, NR - bad, NR, worst; exit bad > 0 || NR == 0 }'
}

outages_right() { right packets 10 <"$work/judged" >"$work/right" || { cat "$work/right"; false; }; }

# others_right GUEST KIND PERIOD: the same of a guest that is asked so alone; a new connection that
# takes a second has lost its first packet
others_right() {
  awk -v guest="$1" -v kind="$2" '
    FILENAME ~ /cuts$/ { n++; off[n] = $1; on[n] = $2; next }
    $1 == guest && $2 == kind && ($7 == "-" || (kind == "connect" && $7 - $6 >= 0.98e9)) {
      for (i = 1; i <= n; i++) if ($5 > off[i] - 2e8 && $5 < on[i] + 1e8) {
        outage[i] += $8; if ($8 > most[i]) most[i] = $8 } }
    END {
      for (i = 1; i <= n; i++)
        printf "%.1f %.1f %.1f\n", (on[i] - off[i]) / 1e6, outage[i] / 1e6, most[i] / 1e6
    }' \
    "$work/cuts" "$work/told" >"$work/judged.other"
  right "$2" "$3" <"$work/judged.other" >"$work/right.$2" || { cat "$work/right.$2"; false; }
}

# A request is answered with the first retransmission after the cut: when the time since it was sent
# has doubled at the latest, and not before 0.2 s; later where other work has made round trips long,
# by which the kernel sets its timer.
stalls_right() {
  awk '$1 >= 200 { print; n++; if ($4 < $1 - 200) bad = 1; if ($4 > 2 * $1 + 450) late++ }
    END { exit bad || n < 2 || late == n }' "$work/judged"
}

pings_right() { # as outages_right, by ICMP, which an ordinary user may send in the client's namespace
  awk '
    FILENAME ~ /cuts$/ { n++; off[n] = $1; on[n] = $2; next }
    $2 == "icmp" { all++ }
    $2 == "icmp" && $7 == "-" { for (i = 1; i <= n; i++) if ($5 > off[i] - 1e8 && $5 < on[i] + 1e8) {
      outage[i] += $8; if ($8 > most[i]) most[i] = $8 } }
    END {
      for (i = 1; i <= n; i++) {
        d = (on[i] - off[i] - outage[i]) / 1e6; if (d < 0) d = -d
        limit = most[i] > 5e7 ? most[i] / 1e6 : 50
        printf "%.1f %.1f\n", (on[i] - off[i]) / 1e6, outage[i] / 1e6
        if (d > limit + 0.5) bad = 1
      }
      exit bad || all < 50
    }' "$work/cuts" "$work/probes"
}

# A connect that is sent into a cut is made after it, with a later SYN: when the time since has
# doubled, or 1.5 s later, at the latest.
connects_right() {
  awk '
    FILENAME ~ /cuts$/ { n++; off[n] = $1; on[n] = $2; next }
    $2 == "connect" { for (i = 1; i <= n; i++) if ($6 > off[i] + 1e6 && $6 < on[i] - 1e6) {
      sent++
      if ($7 == "-" || $7 < on[i]) { bad = 1; print; continue }
      if ($7 - $6 > 2 * (on[i] - $6) + 1.5e9) { late++; print } } }
    END { print sent + 0, "sent into a cut,", late + 0, "made late"; exit bad || sent < 5 || late == sent }' \
    "$work/cuts" "$work/probes"
}

on_time() { # packets are sent when they are due, as far as the machine lets the prober; never before
  awk '$2 == "udp" { n++; if ($6 < $5) early++; if ($6 - $5 > 1e7) late++ }
    END { print late + 0, "of", n, "late"; exit !(n > 300) || early || late > n / 2 }' "$work/probes"
}

# counted WHO CUT...: the whole of it, on a lab of whoever runs it now
counted() {
  who=$1
  shift
  cuts=$*
  n_cuts=$#
  if ! lab_up 1 taps=1 >"$work/up.log"; then
    check "$who: a lab comes up" eval 'cat "$work/up.log"; false'
    return
  fi
  if [ -z "$(lab_get 1 prober)" ]; then
    lab_end 1
    skip "$who" "no network: $(lab_get 1 lan_why_not)"
    return
  fi
  directory=$(lab_get 1 directory)
  host0=$(daemon_of "$directory" 0)
  check "$who: an ordinary process answers in a host's namespace" answer_in "$host0"
  check "$who: a port is taken off $n_cuts times, while the prober asks" probe_and_cut
  check "$who: all is told" all_cut
  check "$who: no packet is lost but in the cuts" eval 'judged >"$work/judged"'
  check "$who: what is unanswered covers each cut, within a period" outages_right
  check "$who: ICMP echo says the same" pings_right
  check "$who: so it does of a guest that is asked by nothing else" others_right 1 icmp 10
  check "$who: so do new connections, which are refused" others_right 2 connect 50
  check "$who: requests wait for TCP's next step" stalls_right
  [ "$n_cuts" -lt 5 ] || check "$who: new connections wait for their next SYN" connects_right
  check "$who: packets are sent when they are due" on_time
  kill "$guest_pid" && wait "$guest_pid"
  kill "$home_pid" && wait "$home_pid"
  rm -f "$work/probe.in"
  check "$who: the lab ends" lab_end 1
  check "$who: nothing is left of it" eval 'no_processes_of "$directory" && gone "$directory"'
}

# What udev does elsewhere; for this test alone, which has mounts of its own.
open_tun() {
  [ "${MIGCOST_TEST_PRIVATE-}" = yes ] && mount -t tmpfs tmpfs /dev/net &&
    (umask 0 && mknod /dev/net/tun c 10 200)
}

# cuts_of N: from 50 ms to 5 s, each as much longer than the one before
cuts_of() {
  awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "%d ", 50 * exp (log (100) * i / (n > 1 ? n - 1 : 1)) }'
}

if [ -n "${MIGCOST_TEST_CUTS-}" ]; then
  # shellcheck disable=SC2046 # a list
  counted root $(cuts_of "$MIGCOST_TEST_CUTS")
  tail -qn 1 "$work/right" "$work/right.icmp" "$work/right.connect" | sed 's/^/# /'
  finish
fi
counted root 50 80 120 200 310 510 800 1080 2140 5000
if as_user && open_tun; then
  counted user 60 250 700
else
  skip "user" "root cannot become an ordinary user with taps here"
fi
finish
