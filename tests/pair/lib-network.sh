# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2317 # functions are called through check
# What clients notice of guests that move between emulated hosts, beside what heartbeats and libvirt's events
# say of it. Sourced; the script sets kind (xen or kvm) and calls measure_network.
#
# The hosts' bridges of their guests' network are joined by a bridge of a network namespace of the test's own.
# There is migcost, too, and with it its prober: the guests' client.
# shellcheck source-path=SCRIPTDIR/../.. source=tests/pair/lib-pair.sh
. "$top_srcdir/tests/pair/lib-pair.sh"

# Periods near a guest's stop, migcost's own on KVM: a serial console takes an exit for each byte, so at 50 ms all the
# time the guest's servers would hardly get its CPU. Xen's own is longer: its script sets heartbeats.
heartbeat_ms=50
ping_ms=50

# in_namespace_or_skip: goes on in the namespace, from the script's beginning. What is built is built before, where
# archives can be reached.
in_namespace_or_skip() {
  [ "${MIGCOST_TEST_NAMESPACE-}" != yes ] || return 0
  [ -w /dev/net/tun ] || skip_all "/dev/net/tun cannot be opened"
  as_root=
  am_root || as_root='--user --map-root-user'
  # shellcheck disable=SC2086 # two options or none
  unshare $as_root --net true 2>/dev/null || skip_all "no network namespace can be had"
  build_or_skip
  tear_down
  export MIGCOST_TEST_NAMESPACE=yes
  # shellcheck disable=SC2086
  exec unshare $as_root --net sh "$top_srcdir/tests/$kind/${0##*/}"
}

# The hosts' libvirtd are reached through ports of the loopback device.
clients_network() {
  ip link set lo up && ip link add clients type bridge forward_delay 0 &&
    ip addr add 10.113.0.1/16 dev clients && ip link set clients up
}

# study: one guest at a time; both hosts have one CPU
study() {
  cat >network.xml <<END
<study name="network">
  <hosts>
    <host name="source" cpu="0"/>
    <host name="destination" cpu="0"/>
    <network bridge="lan0"/>
  </hosts>
  <workload name="i" type="idle"/>
  <workload name="m" type="memory" wss="16 MB" rate="500"/>
  <guest name="i1" workload="i" memory="128 MiB" network="yes" address="10.113.1.1/16"/>
  <guest name="m1" workload="m" memory="128 MiB" network="yes" address="10.113.1.2/16"/>
  <experiment name="idle" guests="i1"><cases><sequence>i1</sequence></cases></experiment>
  <experiment name="memory" guests="m1"><cases><sequence>m1</sequence></cases></experiment>
  <timing ready-timeout="10 min" settle="3 s" baseline="5 s" window="20 s" repetitions="${MIGCOST_REPETITIONS:-1}"/>
</study>
END
}

checked() { "$migcost" check network.xml --source "$source" --destination "$destination"; }

# has_metrics METRIC...: both cases have them
has_metrics() {
  for metric; do
    [ "$(awk -F, -v metric="$metric" '$2 == "" && $3 == metric && $5 > 0' report.csv | wc -l)" = 2 ] ||
      { echo "$metric is missing"; grep "$metric" report.csv; return 1; }
  done
}

# outlasts OUTAGE DOWNTIME PERIOD_MS: clients wait for as long as that downtime says at least, but for a period
outlasts() {
  awk -F, -v outage="$1" -v metric="$2" -v period_ms="$3" '
    $2 == "" { mean[$1, $3] = $6; cases[$1] }
    END {
      for (c in cases) {
        n++
        printf "%s: %s %.3f s, %s %.3f s\n", c, outage, mean[c, outage], metric, mean[c, metric]
        if (mean[c, outage] < mean[c, metric] - period_ms / 1000) bad = 1 }
      exit bad || n != 2 }' report.csv
}

# side_by_side METRIC...: of each case, mean (least to most)
side_by_side() {
  for metric; do
    awk -F, -v metric="$metric" '$2 == "" && $3 == metric {
      printf "# %-22s %-4s n = %d: %.3f s (%.3f to %.3f)\n", metric, $1, $5, $6, $10, $11 }' report.csv
  done
}

# announced: when a guest said where it is, from its first heartbeat there
announced() {
  awk -F, '
    FNR == 1 { delete at; for (i = 1; i <= NF; i++) at[$i] = i; next }
    { run = $at["run"] }
    FILENAME ~ /migrations/ { guest[run] = $at["guest"]; beat[run] = $at["first_destination_heartbeat_ns"]; next }
    $at["packet"] == "arp" && !arp[run] {
      arp[run] = $at["time_ns"]
      printf "# %s: its first ARP %+.3f s from its first heartbeat\n", guest[run], (arp[run] - beat[run]) / 1e9 }
    ' "$result/migrations.csv" "$result/announcements.csv"
}

# measure_network DOWNTIME...: the whole test; the metrics that the hypervisor and its guest tell. The outage is held
# to the first one; heartbeats beside events may come later than answers, for they wait longest for the guest's CPU.
measure_network() {
  stands=$1
  client='outage_s outage_icmp_s silence_s tcp_stall_s'
  in_namespace_or_skip
  check "a network of clients" clients_network
  check "both hosts come up, and are on it" pair_up --lan clients
  [ "$failures" = 0 ] || { echo 'Bail out! no hosts'; exit 99; }
  study
  check "check finds nothing against it" checked
  # shellcheck disable=SC2086 # options
  measure network network.xml ${heartbeats-} --source "$source" --destination "$destination"
  check "the study runs" exits 0
  check "all migrations are sound" all_are ok migrations status
  check "guests have verified their memory" all_are 0 guests checksum_errors
  check "the report can be read" eval '"$migcost" report --format csv "$result" >report.csv'
  # shellcheck disable=SC2086 # words
  check "each downtime is there" has_metrics "$@" $client
  check "packets get no answer for as long as $stands says" outlasts outage_s "$stands" $heartbeat_ms
  check "nor do pings" outlasts outage_icmp_s "$stands" $((2 * ping_ms))
  # shellcheck disable=SC2086
  side_by_side "$@" $client connect_s
  announced
  check "nothing is left on the source" no_guests source
  check "nor on the destination" no_guests destination
  check "nor a journal" no_journal
  finish
}
