#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Downtime by heartbeats against a second channel: packets that the guest sends through its own
# interface to the machine that emulates the hosts. Both are stamped by that machine's one clock.
# What lies between differs: xenconsoled, libvirtd and a stream here, netback and a bridge there.
# Prints a row for each migration. The interface is connected some time after the guest has resumed;
# what it sent meanwhile is lost, but numbered, so the number of packets lost says when it ran
# again.
# shellcheck source-path=SCRIPTDIR source=../pair/lib-pair.sh
kind=xen
. "$top_srcdir/tests/pair/lib-pair.sh"

port=${MIGCOST_BEACON_PORT:-47011}
period_s=0.020 # beacon.c's
repetitions=${MIGCOST_REPETITIONS:-3}
tools=$(cd "$top_builddir/tests/xen" && pwd) || exit 99
listener=
trap '[ -z "$listener" ] || kill "$listener"; "$emulated_pair" down; tear_down' EXIT

# The workloads' initramfs, and behind it a second archive: kernels unpack both.
make_initramfs() {
  image=$("$emulated_pair" build 2>/dev/null | head -n 1)
  mkdir extra && cp "$tools/beacon" extra/ &&
    cp "$image/guest-xen-netfront.ko" extra/xen-netfront.ko &&
    (cd extra && printf 'beacon\nxen-netfront.ko\n' | cpio -o -H newc --quiet | gzip) >extra.gz &&
    cat "$work/bin/guest.cpio.gz" extra.gz >initrd
}

make_template() {
  sed "s|<cmdline>console=hvc0|& rdinit=/beacon beacon_port=$port|
       s|<devices>|&<interface type='bridge'><mac address='00:16:3e:77:00:64'/><source bridge='br0'/></interface>|" \
    "$MIGCOST_DATADIR/domains/xen-pv.xml" >template.xml
  cat >crosscheck.xml <<END
<study name="crosscheck">
  <hosts><host name="source" cpu="0"/><host name="destination" cpu="0"/></hosts>
  <workload name="$1" $2/>
  <guest name="${1}1" workload="$1" memory="256 MiB" template="$work/template.xml"/>
  <cases><sequence>${1}1</sequence></cases>
  <timing settle="1 s" baseline="5 s" window="15 s" repetitions="$repetitions"/>
</study>
END
}

up() { "$emulated_pair" up --initrd "$work/initrd" >"$work/pair" && pair_is "$work/pair"; }

# compare WORKLOAD: for each migration, the silence that holds the switch, by either channel
compare() {
  cat "$result/migrations.csv" packets.log | awk -v workload="$1" -v period_s=$period_s -F'[, ]' '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    NF > 2 { n++; from[n] = $at["last_source_heartbeat_ns"]; to[n] = $at["first_destination_heartbeat_ns"]; next }
    { # the longest gap between packets that touches the silence
      for (i = 1; i <= n; i++)
        if (last != "" && last < to[i] && $1 > from[i] && $1 - last > gap[i]) {
          gap[i] = $1 - last; start[i] = last; stop[i] = $1; lost[i] = $2 - number - 1 }
      last = $1; number = $2 }
    END { for (i = 1; i <= n; i++)
        printf "%s %d: silent by heartbeats %.3f s, by packets %.3f s " \
          "(begins %+.3f s, ends %+.3f s); %d packets lost, so running %+.3f s " \
          "from the first heartbeat\n",
          workload, i, (to[i] - from[i]) / 1e9, gap[i] / 1e9,
          (start[i] - from[i]) / 1e9, (stop[i] - to[i]) / 1e9, lost[i],
          (stop[i] - to[i]) / 1e9 - lost[i] * period_s
      exit n == 0 }'
}

crosscheck() { # CLASS ATTRIBUTES
  make_template "$1" "$2"
  "$tools/listen" "$port" >packets.log &
  listener=$!
  measure "$1" crosscheck.xml --source "$source" --destination "$destination" --heartbeat '20 ms'
  check "$1: it runs" exits 0
  kill "$listener"
  listener=
  check "$1: packets came" test -s packets.log
  compare "$1"
}

build_or_skip
check "the guests' initramfs" make_initramfs
check "both hosts come up" up
[ "$failures" = 0 ] || { echo 'Bail out! no hosts'; exit 99; }
crosscheck i 'type="idle"'
crosscheck m 'type="memory" wss="64 MB"'
finish
