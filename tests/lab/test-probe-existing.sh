#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# A guest that nobody told migcost of, with a network: asked as its clients do while a study, a plan
# or somebody else moves it. migcost is where those clients are: in the network namespace of a
# lab's prober.
# shellcheck source-path=SCRIPTDIR source=lib-execute.sh
. "$(dirname "$0")/lib-execute.sh"

am_root || skip_all "not run as root"
[ -e /dev/net/tun ] || skip_all "this machine has no /dev/net/tun"
[ -d "$work/bin/modules" ] || skip_all "no modules of the guest kernel: ./quickstart fetches them"

names=lab-test
address=10.112.1.1
port=4747 # where the guest's program listens

# client_of: the process whose network is that of the guests' clients: this lab's, by its processes
client_of() {
  space=$(readlink "/proc/$(daemon_of "$(lab_get 1 directory)" 0)/ns/pid")
  grep -lsx migcost-prober /proc/[0-9]*/comm | cut -d / -f 3 | while read -r pid; do
    [ "$(readlink "/proc/$pid/ns/pid")" != "$space" ] || { echo "$pid"; break; }
  done
}

start_guest() {
  guest_xml 1
  card="<interface type='ethernet'><mac address='52:54:00:4d:47:00'/>"
  card="$card<target dev='guest0' managed='no'/><model type='virtio'/></interface>"
  sed -i "s|panic=-1|& -- idle address=$address/16|; s|</devices>|$card&|" "$work/guest.xml"
  virsh_on 1 0 create "$work/guest.xml" && booted lab-test
}

study() { # PROBE ADDRESS
  cat >"$work/study.xml" <<XML
<study name="there">
  <hosts>
    <host name="a" uri="$(lab_get 1 uri0)" migrate-uri="$(lab_get 1 migrate0)"/>
    <host name="b" uri="$(lab_get 1 uri1)" migrate-uri="$(lab_get 1 migrate1)"/>
  </hosts>
  <guest name="vm" existing="yes" domain="lab-test" probe="$1" address="$2"/>
  <cases><sequence>vm</sequence></cases>
  <timing baseline="4 s" window="7 s" repetitions="1"/>
</study>
XML
}

migcost() { run migcost_command "$@"; }

answers() {
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    migcost check "$work/study.xml"
    ! grep -q "guest 'vm' answers" "$work/out" || return 0
  done
  cat "$work/out"
  return 1
}

# kept KIND NUMBER: so many rows at least
kept() {
  rows=$(cut -d, -f 3 "$result/probes.csv" | grep -cx "$1")
  echo "$1: $rows rows"
  [ "$rows" -ge "$2" ]
}

# agrees PERIOD: the outage that the report has is what the rows say, and from the stop on the
# downtime by events, but for a period on both sides, and what events and a busy machine are late
agrees() {
  awk -F, -v period="$1" '
    FNR == 1 { delete at; for (i = 1; i <= NF; i++) at[$i] = i; next }
    FILENAME ~ /migrations/ {
      start = $at["start_ns"]; stop = $at["suspended_ns"]; events = $at["resumed_ns"] - stop; next
    }
    ($at["answered_ns"] == "" || ($at["probe"] != "icmp" && $at["answered_ns"] - $at["sent_ns"] >= 0.98e9)) &&
      $at["due_ns"] + $at["covers_ns"] > start {
      if ($at["due_ns"] + $at["covers_ns"] <= stop) before += $at["covers_ns"]; else since += $at["covers_ns"]
    }
    END {
      printf "unanswered before the stop %d ms, since %d ms; events %d ms\n", before / 1e6, since / 1e6, events / 1e6
      d = (since - events) / 1e6; if (d < 0) d = -d
      exit !(since > 0 && d <= 2 * period + 40)
    }' "$result/migrations.csv" "$result/probes.csv"
}

# probed PROBE KIND ROWS PERIOD: a study
probed() {
  result=$work/results/$(echo "$1" | tr -c "a-z0-9\n" -)
  study "$1" $address
  migcost run --yes "$work/study.xml" -o "$result"
  check "$1: it is moved" exits 0
  check "$1: what was asked is kept" kept "$2" "$3"
  check "$1: the outage is the downtime by events" agrees "$4"
  migcost report --full "$result"
  check "$1: the report says what clients noticed" contains "$work/out" "What clients noticed"
}

watch_move() {
  rm -f "$work/watch.pipe"
  mkfifo "$work/watch.pipe"
  echo "lab-test icmp:$address" >"$work/probes"
  $via env --default-signal=INT MIGCOST_DATADIR="$work/data" "$work/bin/migcost" watch --for 30s --yes \
    --probe "@$work/probes" --metrics "$work/m.prom" -o "$work/results/watch" "$(lab_get 1 uri0)" "$(lab_get 1 uri1)" \
    >"$work/watch.out" 2>"$work/watch.pipe" 3>&- 4>&- &
  watch=$!
  moved=
  while IFS= read -r line; do
    echo "$line"
    case $line in
      *"watching host2"*) sleep 3; guest_migrate 1 "$from" "$to" >&2 || return 1 ;;
      *": moved from "*) moved=yes; kill -INT "$watch" ;;
    esac
  done <"$work/watch.pipe" >"$work/watch.err"
  wait "$watch" && [ "$moved" = yes ] || { cat "$work/watch.err"; return 1; }
}

as_self
check "files" ship
check "a lab" lab_up 1 taps=1
[ "$failures" = 0 ] || finish
[ -n "$(lab_get 1 prober)" ] || { lab_end 1; skip "all" "no network: $(lab_get 1 lan_why_not)"; finish; }
check "a guest with a network" start_guest
via="nsenter -t $(client_of) -n"

study icmp $address
check "the check asks it" answers
check "... and says what it asks" contains "$work/out" "ICMP echo to $address"
study icmp 10.112.1.99
migcost check "$work/study.xml"
check "where nobody answers, it says so" contains "$work/out" "guest 'vm' does not answer ICMP echo to 10.112.1.99"

announced() { [ "$(grep -c '^1,[a-z-]*,rarp,' "$result/announcements.csv")" -ge 1 ]; }

probed icmp icmp 200 10
check "QEMU's announcements are kept" announced
probed tcp:9 connect 50 50
probed tcp:$port connect 50 50
probed http:$port/ http 25 100

result=$work/results/planned
plan --yes --empty b --probe "lab-test=icmp:$address" -o "$result"
check "a plan moves it" exits 0
check "... and says what clients noticed" contains "$work/err" "clients of 'lab-test': outage "
check "... at the end, too" contains "$work/out" "What clients noticed"
check "... the rows are kept" kept icmp 200
check "... the outage is the downtime by events" agrees 10
plan --empty a --probe nobody=icmp:$address --yes -o "$work/results/nobody"
check "a VM that is not there is refused" exits 2
check "... before anything moves" runs_on 0 lab-test

from=0 to=1
result=$work/results/watch/0001
check "somebody moves it while it is watched" watch_move
check "... what clients noticed is told" grep -q "; clients: outage [0-9.]* m\{0,1\}s" "$work/watch.err"
check "... the rows are kept" kept icmp 200
check "... the outage is the downtime by events" agrees 10
check "... QEMU's announcements, too" announced
check "... it is a metric" contains "$work/m.prom" 'migcost_watch_guest_outage_seconds{guest="lab-test"} '
check "the lab ends" lab_end 1
finish
