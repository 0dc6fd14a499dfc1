#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Two releases: from Debian 12 (libvirt 9.0, QEMU 7.2) to Debian 13 guests move; back they do not, because
# of their machine type, which check says, and a plan of one that runs there.
# shellcheck source-path=SCRIPTDIR source=../pair/lib-pair.sh
kind=kvm
. "$top_srcdir/tests/pair/lib-pair.sh"

cat >one.xml <<'END'
<study name="one">
  <hosts><host name="source" cpu="0"/><host name="destination" cpu="0"/></hosts>
  <workload name="m" type="memory" wss="16 MB" rate="500"/>
  <guest name="m1" workload="m" memory="128 MiB"/>
  <cases><sequence>m1</sequence></cases>
  <timing settle="3 s" baseline="2 s" window="8 s" repetitions="1"/>
</study>
END

to_newer() { "$migcost" check one.xml --source "$source" --destination "$destination"; }
to_older() { run "$migcost" check one.xml --source "$destination" --destination "$source"; }

# a guest of the newer host's default machine, and where a plan would have it go
web_on_newer() {
  sed 's/migcost-template/web/' "$work/data/domains/qemu-kvm.xml" >web.xml && on destination create web.xml
}

planned() {
  run "$migcost" plan --host older="$source" --host newer="$destination" --move web=older
}

build_or_skip --suites bookworm,trixie
check "one host with Debian 12, one with Debian 13" pair_up --suites bookworm,trixie
[ "$failures" = 0 ] || { echo 'Bail out! no hosts'; exit 99; }
check "to the newer: check finds nothing against it" to_newer
measure newer one.xml --ready-timeout '10 min' --source "$source" --destination "$destination"
check "to the newer: the study runs" exits 0
check "to the newer: the source has libvirt 9" grep -q '^source,libvirt version,9\.' "$result/environment.csv"
check "to the newer: the destination has libvirt 11" \
  grep -q '^destination,libvirt version,11\.' "$result/environment.csv"
check "to the newer: the migration is sound" all_are ok migrations status
check "to the newer: no heartbeat is lost" all_are 0 guests heartbeats_lost
check "to the newer: guests have verified their memory" all_are 0 guests checksum_errors
to_older
check "to the older: check fails" exits 1
check "to the older: it says that the hypervisor is older" \
  grep -q "^WARN  destination .*its QEMU is older than that of the source host" out
check "to the older: and that a small guest cannot migrate, and why" \
  grep -q "^FAIL  study .*a small guest cannot migrate: " out
check "... with advice" grep -q "name a machine type that both hosts have" out
check "a guest that runs on the newer" web_on_newer
planned
check "... a plan does not move it" exits 1
check "... and says that its machine type is missing" \
  grep -q "'web' cannot be moved: host 'older': .*pc-q35" err
check "... it ends" on destination destroy web
check "nothing is left on the one" no_guests source
check "nor on the other" no_guests destination
check "the pair goes down" "$emulated_pair" down
finish
