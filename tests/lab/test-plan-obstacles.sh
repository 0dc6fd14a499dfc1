#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Guests that libvirt does not let go: a disk on a file system that only one machine has, a snapshot. It is
# said before anything moves, by a plan as by a check, and libvirt says the same.
# shellcheck source-path=SCRIPTDIR source=lib-execute.sh
. "$(dirname "$0")/lib-execute.sh"

names="web store"
disk=$work/disk/store.img

# named NAME: as in lib-execute.sh; one of them with a disk
named() {
  drive=
  [ "$1" != store ] ||
    drive="<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='$disk'/>
<target dev='vda' bus='virtio'/></disk>"
  sed "s/lab-test/$1/; s/panic=-1/& -- $(workload_of "$1") period=100ms/
    s#<memballoon model='none'/>#&$(echo "$drive" | tr -d '\n')#" "$work/guest.xml" >"$work/$1.xml"
}

make_disk() {
  mkdir -m 777 "$work/disk" && truncate -s 4M "$disk" && chmod 666 "$disk" && chmod a+x "$work"
}

# libvirt_refuses TEXT: to migrate that guest
libvirt_refuses() {
  virsh_on 1 0 migrate --live store "$(lab_get 1 uri1)" "$(lab_get 1 migrate1)" >"$work/virsh" 2>&1
  grep -q "$1" "$work/virsh" || { cat "$work/virsh"; return 1; }
}

snapshot() {
  virsh_on 1 0 snapshot-create-as store before --disk-only --diskspec "vda,file=$work/disk/overlay"
}

study() {
  cat >"$work/study.xml" <<XML
<study name="store">
  <hosts>
    <host name="a" uri="$(lab_get 1 uri0)" migrate-uri="$(lab_get 1 migrate0)"/>
    <host name="b" uri="$(lab_get 1 uri1)" migrate-uri="$(lab_get 1 migrate1)"/>
  </hosts>
  <guest name="store" existing="yes"/>
  <cases><sequence>store</sequence></cases>
  $1
  <timing baseline="2 s" window="3 s" repetitions="1"/>
</study>
XML
}

migcost() { run migcost_command "$@"; }

# verdict NAME TEXT REASON: its row of the table
verdict() { grep -Eq "^ *$1 +a +$2 .*$3" "$work/out" || { cat "$work/out"; return 1; }; }

as_user || as_self
check "files" ship
check "a disk" make_disk
check "a lab" lab_up 1
[ "$failures" = 0 ] || finish # without one virsh would talk to this machine's own daemon
check "guests" start_guests
case $(stat -f -c %T "$disk") in
  nfs* | fuse* | ceph | smb* | cifs) skip_all "this machine's own files are on a network" ;;
esac

plan --yes --move store=b -o "$work/results/disk"
check "a disk that only one machine has" exits 1
check "... is said before anything moves" verdict store "cannot move" "its disk vda, '$disk'"
check "... with what to do" grep -q -e "--copy-storage all" "$work/out"
check "... of the other guest nothing is said" verdict web "can move" ""
check "... it is where it was" runs_on 0 $names
check "... no result is begun" not test -e "$work/results/disk"
check "... libvirt refuses it, too" libvirt_refuses "Unsafe migration"

check "a snapshot" snapshot
plan --yes --move store=b --unsafe -o "$work/results/snapshot"
check "... keeps it where it is" exits 1
check "... which is said" verdict store "cannot move" "it has 1 snapshot"
check "... it is where it was" runs_on 0 $names
check "... libvirt refuses it, too" libvirt_refuses "cannot migrate domain with 1 snapshot"
plan --yes --move store=b --unsafe --skip-impossible -o "$work/results/skipped"
check "where no guest can move, with --skip-impossible" exits 1
check "... which is said" verdict store "cannot move" "it has 1 snapshot"
check "... no result is begun" not test -e "$work/results/skipped"
plan --move store=b --skip-impossible
check "... nor is --yes asked for" not contains "$work/err" "add --yes"
plan --move web=a
check "where nothing has to move" exits 0
check "... --yes is not asked for" not contains "$work/err" "add --yes"
study '<migration unsafe="yes"/>'
migcost check "$work/study.xml"
check "a check fails" exits 1
check "... for this reason" contains "$work/out" "guest 'store' cannot migrate: it has 1 snapshot"
check "... and no other" [ "$(grep -c ^FAIL "$work/out")" = 1 ]
migcost run --yes "$work/study.xml" -o "$work/results/run"
check "a run does not begin" exits 1
check "... the guest is where it was" runs_on 0 $names
check "without the snapshot" virsh_on 1 0 snapshot-delete store before --metadata
study ''
migcost check "$work/study.xml"
check "... a check fails for the disk" contains "$work/out" "cannot migrate: its disk vda, '$work/disk/overlay'"
plan --yes --move store=b --unsafe -o "$work/results/moved"
check "... and with --unsafe it moves" exits 0
check "... it has" runs_on 1 store
check "the lab ends" lab_end 1
finish
