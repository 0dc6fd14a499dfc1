#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# On hosts of one's own guests boot once, too, where what they boot goes into a storage pool: they are saved there and
# restored for each repetition, are sound, and what they are restored from is gone with the run, however that ends.
# The hosts are a lab's, reached by their URIs.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# files: a place on each host, and one of which little is free, where root can have that
files() {
  ship && mkdir -m 777 "$work/pool0" "$work/pool1" "$work/files" "$work/small" || return 1
  small=no
  [ "${MIGCOST_TEST_PRIVATE-}" != yes ] || { mount -t tmpfs -o size=300m,mode=777 tmpfs "$work/small" && small=yes; }
}

pools() {
  for host in 0 1; do virsh_on 1 "$host" pool-create-as lab-pool dir --target "$work/pool$host" || return 1; done
}

# study NAME RATE BANDWIDTH [TEMPLATE]: one guest moves, the other, which may be of a template, stays
study() {
  template=''
  [ -z "${4-}" ] || template="template=\"$4\""
  cat >"$work/$1.xml" <<XML
<study name="$1">
  <hosts>
    <host name="a" uri="$(lab_get 1 uri0)" migrate-uri="$(lab_get 1 migrate0)"/>
    <host name="b" uri="$(lab_get 1 uri1)" migrate-uri="$(lab_get 1 migrate1)"/>
  </hosts>
  <workload name="m" type="memory" wss="16 MB" rate="$2"/>
  <workload name="c" type="cpu"/>
  <guest name="m1" workload="m" memory="96 MiB"/>
  <guest name="c1" workload="c" memory="96 MiB" $template/>
  <cases><sequence>m1</sequence></cases>
  <migration bandwidth="$3"/>
  <timing ready-timeout="10 min" settle="1 s" baseline="500 ms" window="1 s" repetitions="3"/>
</study>
XML
}

with_disk() {
  truncate -s 8M "$work/files/own.img" && chmod 666 "$work/files/own.img" || return 1
  disk="<disk type='file' device='disk'><driver name='qemu' type='raw'/>"
  disk="$disk<source file='$work/files/own.img'/><target dev='vda' bus='virtio'/></disk>"
  sed "s#<devices>#&$disk#" "$work/data/domains/qemu-tcg.xml" >"$work/with-disk.xml"
}

measure() { # NAME STUDY ARGUMENT...
  result=$work/results/$1
  name=$2
  shift 2
  migcost_command run --no-calibration --remove-uploads "$@" "$work/$name.xml" -o "$result"
}

# --- what lies in the pools

images_of() { # HOST
  find "$work/pool$1" "$work/files" -name 'migcost-guest-*'
}

look() { # LINE: what a host has, in its second repetition
  case $1 in
    *"repetition 2 of 3: migrating"*)
      images_of 0 >"$work/images"
      images_of 1 >"$work/others"
      find "$work/pool0" -name 'migcost-guest-*' ! -perm 600 >"$work/open"
      ;;
  esac
}

were_images() { # NUMBER
  [ "$(grep -cE '/migcost-guest-[0-9a-f]{16}-f1-[0-9a-f]{16}$' "$work/images")" = "$1" ] ||
    { cat "$work/images"; false; }
}

are_empty() { # of what migcost has put there
  find "$work/pool0" "$work/pool1" "$work/files" "$work/small" -name 'migcost-*' >"$work/left"
  [ ! -s "$work/left" ] || { cat "$work/left"; false; }
}

no_journal() {
  ! ls "$work/state/migcost/undo/"journal-* 2>/dev/null
}

no_guests() {
  for host in 0 1; do
    [ -z "$(virsh_on 1 "$host" list --all --name)" ] || { virsh_on 1 "$host" list --all; return 1; }
  done
}

left_nothing() { are_empty && no_journal && no_guests; }

# --- what came of it

sound() { # NAME
  check "$1: it succeeds" exits 0
  check "$1: all repetitions are sound" holds runs status "ok ok ok"
  check "$1: so are the migrations" holds migrations status "ok ok ok"
  check "$1: no heartbeat is lost" all_are 0 guests heartbeats_lost
  check "$1: none goes back" all_are 0 guests heartbeats_backwards
  check "$1: none is garbled" all_are 0 guests checksum_errors
  check "$1: nothing is left" left_nothing
}

start_of() { # GUEST VALUE
  [ "$(column guests start guest "$1" | sort -u)" = "$2" ] || { cat "$result/guests.csv"; false; }
}

# alike: a guest that is restored continues where it was saved
alike() {
  query heartbeats '!seen[$at["run"], $at["guest"]]++ && $at["run"] > 1 { print $at["guest"], $at["sequence"] }' |
    sort | uniq -c | awk '{ n++ } $1 != 2 { bad = 1 } END { exit bad || n != 2 }' ||
    { cut -d, -f1,2,4 "$result/heartbeats.csv" | head -40; false; }
}

end_it() { # LINE: by $signal, in the second repetition
  case $1 in *"repetition 2 of 3: migrating"*) images_of 0 >"$work/images"; kill -s "$signal" "$pid" ;; esac
}

trap '[ "${small-no}" = no ] || umount "$work/small"; tear_down' EXIT
check "files" files
check "a lab" lab_up 1
[ "$failures" = 0 ] || finish
check "a pool on each host" pools
study both 1000 "1000 MiB/s"
study slow 100 "2 MiB/s"
check "a template with a disk" with_disk
study disk 1000 "1000 MiB/s" "$work/with-disk.xml"

result=$work/results/restored # heard in a shell of its own
hear look measure restored both --pool lab-pool
check "restored: in each repetition" all_are restored guests start
check "restored: each continues where it was saved" alike
check "restored: no warning" not grep -q "boot instead" "$work/err"
check "restored: both guests lay in the pool of their host" were_images 2
check "restored: and nothing in the other's" not test -s "$work/others"
check "restored: for their hypervisor alone" not test -s "$work/open"
sound restored

run measure booted both --pool lab-pool --start boot
check "booted: in each repetition" all_are booted guests start
sound booted

run measure disk disk --pool lab-pool --unsafe
check "disk: a guest that has one boots" start_of c1 booted
check "disk: the other is restored" start_of m1 restored
sound disk

if [ "$small" = yes ]; then
  run measure small both --pool "$work/small"
  check "little room: guests boot" all_are booted guests start
  check "little room: which is said once" test "$(grep -c 'boot instead, .*small.* on host .a., and' "$work/err")" = 1
  sound "little room"
else
  skip "little room" "this test's mounts are not its own"
fi

# interrupted, and killed, with both guests saved, one of them migrating
signal=INT
hear end_it measure interrupted slow --pool "$work/files"
check "interrupted: two guests were saved" were_images 2
check "interrupted: nothing is left" left_nothing
signal=KILL
hear end_it measure killed slow --pool "$work/files"
check "killed: two guests were saved" were_images 2
check "killed: their files are left, for the moment" test "$(images_of 0 | wc -l)" = 2
run migcost_command check --pool "$work/files" --remove-uploads "$work/both.xml"
check "killed: the next start takes them back" \
  test "$(grep -c "took back what an earlier run left on .*: upload '$work/files/migcost-guest-" "$work/err")" = 2
check "killed: nothing is left" left_nothing
check "the lab ends" lab_end 1
finish
