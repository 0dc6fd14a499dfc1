#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Guests of migcost's own on hosts of one's own, connected to a bridge of theirs: they get the modules of
# their card and an address, and clients on the machine that runs migcost ask them. The hosts are a lab's,
# reached by their URIs, and migcost is where the lab's client is.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

am_root || skip_all "not run as root"
[ -e /dev/net/tun ] || skip_all "this machine has no /dev/net/tun"
[ -d "$work/bin/modules" ] || skip_all "no modules of the guest kernel: ./quickstart fetches them"
helper=/usr/lib/qemu/qemu-bridge-helper
[ -x $helper ] || skip_all "QEMU's bridge helper is not installed"
[ "${MIGCOST_TEST_PRIVATE-}" = yes ] || skip_all "mounts of its own cannot be had"

# allow_bridges: to ordinary users' QEMUs, as the administrator of hosts would; in this test's mounts alone
allow_bridges() {
  cp -a /etc "$work/etc" && mkdir -p "$work/etc/qemu" && echo "allow all" >"$work/etc/qemu/bridge.conf" &&
    mount --bind "$work/etc" /etc && cp $helper "$work/bin/helper" && chmod 4755 "$work/bin/helper" &&
    mount --bind "$work/bin/helper" $helper
}

ship() {
  mkdir -p "$work/data/studies" "$work/data/domains" && mkdir -m 777 "$work/results" "$work/state" \
    "$work/pool0" "$work/pool1" && cp "$top_builddir/migcost" "$work/bin/" &&
    cp "$top_srcdir"/studies/*.rng "$work/data/studies/" &&
    cp "$top_srcdir"/domains/*.xml "$work/data/domains/" && chmod -R a+rX "$work/data"
}

client_of() { # the process whose network is that of the guests' clients: this lab's
  space=$(readlink "/proc/$(daemon_of "$(lab_get 1 directory)" 0)/ns/pid")
  grep -lsx migcost-prober /proc/[0-9]*/comm | cut -d / -f 3 | while read -r pid; do
    [ "$(readlink "/proc/$pid/ns/pid")" != "$space" ] || { echo "$pid"; break; }
  done
}

study() { # ADDRESS
  cat >"$work/study.xml" <<XML
<study name="bridge">
  <hosts>
    <host name="a" uri="$(lab_get 1 uri0)" migrate-uri="$(lab_get 1 migrate0)" pool="$work/pool0"/>
    <host name="b" uri="$(lab_get 1 uri1)" migrate-uri="$(lab_get 1 migrate1)" pool="$work/pool1"/>
    <network bridge="guests"/>
  </hosts>
  <workload name="m" type="memory" wss="4 MB" rate="200"/>
  <guest name="vm" workload="m" memory="128 MiB" network="yes" address="$1"/>
  <cases><sequence>vm</sequence></cases>
  <timing settle="1 s" baseline="4 s" window="8 s" repetitions="1"/>
</study>
XML
}

migcost() {
  run nsenter -t "$client" -n env MIGCOST_DATADIR="$work/data" XDG_STATE_HOME="$work/state" \
    "$work/bin/migcost" "$@"
}

kept() { # KIND NUMBER
  rows=$(cut -d, -f 3 "$result/probes.csv" | grep -cx "$1")
  echo "$1: $rows rows"
  [ "$rows" -ge "$2" ]
}

pools_are_empty() {
  [ -z "$(ls "$work/pool0" "$work/pool1" | grep -v :)" ] || { ls "$work/pool0" "$work/pool1"; false; }
}

as_self
check "files" ship
check "guests may use bridges" allow_bridges
check "a lab" lab_up 1 taps=1
[ "$failures" = 0 ] || finish
[ -n "$(lab_get 1 prober)" ] || { lab_end 1; skip "all" "no network: $(lab_get 1 lan_why_not)"; finish; }
client=$(client_of)

study 10.112.0.1/16
migcost check "$work/study.xml"
check "an address that answers is refused" exits 1
check "... which is said" contains "$work/out" "the address 10.112.0.1 of guest 'vm' answers already"
migcost run "$work/study.xml" -o "$work/results/taken"
check "... by a run, too" exits 1

study 10.112.2.1/16
migcost check "$work/study.xml"
check "a free one is not" contains "$work/out" "10.112.2.1 of guest 'vm' is free"
result=$work/results/bridge
migcost run --remove-uploads "$work/study.xml" -o "$result"
check "a run succeeds" exits 0
check "... of one migration" holds migrations status ok
check "... clients asked by packets" kept udp 200
check "... and by connections" kept tcp 100
check "... they noticed an outage" [ "$(column probes answered_ns | tr ' ' '\n' | wc -l)" -lt \
  "$(wc -l <"$result/probes.csv")" ]
migcost report "$result"
check "... which the first screen says" contains "$work/out" "Clients noticed"
check "nothing is left in the pools" pools_are_empty
check "the lab ends" lab_end 1
finish
