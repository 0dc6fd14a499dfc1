#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Two releases: from Debian 12 (libvirt 9.0, QEMU 7.2) to Debian 13 guests move, and back with a machine type
# that both have, which migcost gives them. With that of the newer they do not, which check says, and a plan of
# one that runs there.
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
to_older() { run "$migcost" check "$1" --source "$destination" --destination "$source"; }

by_tls() { # SOURCE DESTINATION
  run "$migcost" check one.xml --tls --source "$1" --destination "$2"
  exits 0 && grep "^PASS  study .*migrated by 'pre-copy' by TLS" out || { cat out; return 1; }
}

# web_on_newer MACHINE: a guest of that machine type and with what CPU the newer host can give, and where a
# plan would have it go
web_on_newer() {
  sed "s/migcost-template/web/; s/machine='q35'/machine='$1'/" "$work/data/domains/qemu-kvm.xml" >web.xml &&
    on destination create web.xml
}

planned() {
  run "$migcost" plan --host older="$source" --host newer="$destination" --move web=older
}

build_or_skip --suites bookworm,trixie
check "one host with Debian 12, one with Debian 13" pair_up --suites bookworm,trixie
[ "$failures" = 0 ] || { echo 'Bail out! no hosts'; exit 99; }
check "to the newer: check finds nothing against it" to_newer
check "to the newer: guests migrate by TLS" by_tls "$source" "$destination"
check "to the older: guests migrate by TLS" by_tls "$destination" "$source"
measure newer one.xml --ready-timeout '10 min' --source "$source" --destination "$destination"
check "to the newer: the study runs" exits 0
check "to the newer: the source has libvirt 9" grep -q '^source,libvirt version,9\.' "$result/environment.csv"
check "to the newer: the destination has libvirt 11" \
  grep -q '^destination,libvirt version,11\.' "$result/environment.csv"
check "to the newer: the migration is sound" all_are ok migrations status
check "to the newer: no heartbeat is lost" all_are 0 guests heartbeats_lost
check "to the newer: guests have verified their memory" all_are 0 guests checksum_errors
to_older one.xml
check "to the older: check passes" exits 0
check "to the older: it says that the hypervisor is older" \
  grep -q "^WARN  destination .*its QEMU is older than that of the source host" out
check "to the older: and which machine type guests have" \
  grep -q "^PASS  study .*guests have 'pc-q35-7.2', the newest that all hosts have" out
measure older one.xml --ready-timeout '10 min' --source "$destination" --destination "$source"
check "to the older: the study runs" exits 0
check "to the older: the migration is sound" all_are ok migrations status
check "to the older: no heartbeat is lost" all_are 0 guests heartbeats_lost
check "to the older: guests have verified their memory" all_are 0 guests checksum_errors
sed "s/machine='q35'/machine='pc-q35-10.0'/" "$work/data/domains/qemu-kvm.xml" >newer.xml
sed "s#memory=\"128 MiB\"#& template=\"$work/newer.xml\"#" one.xml >named.xml
to_older named.xml
check "to the older: with the newer's machine type check fails" exits 1
check "... and says why" grep -q "^FAIL  destination .*machine type 'pc-q35-10.0', which is not there" out
check "... with advice" grep -q "machine='pc-q35-7.2'" out
check "a guest that runs on the newer" web_on_newer q35
planned
check "... a plan does not move it" exits 1
check "... and says that its machine type is missing" \
  grep -q "'web' cannot be moved: host 'older': its machine type 'pc-q35-10.0' is not there" err
check "... and which one both have" grep -q "both have: pc-q35-7.2" err
check "... it ends" on destination destroy web
check "one with a machine type that both have, and all of the newer's CPU" web_on_newer pc-q35-7.2
planned
check "... a plan does not move it" exits 1
check "... since the older does not know its CPU" \
  grep -q "host 'older': its libvirt does not know the guest's .*nknown CPU feature" err
check "... it ends" on destination destroy web
check "nothing is left on the one" no_guests source
check "nor on the other" no_guests destination
check "the pair goes down" "$emulated_pair" down
finish
