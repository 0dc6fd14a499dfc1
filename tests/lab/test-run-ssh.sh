#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Hosts that are reached through ssh.
# shellcheck source-path=SCRIPTDIR source=lib-ssh.sh
. "$(dirname "$0")/lib-ssh.sh"

study() { # TEMPLATE
  mkdir -p "$work/data/studies" && cp "$top_srcdir/studies/study.rng" "$work/data/studies/" &&
    cp -r "$top_srcdir/domains" "$work/data/" || return 1
  sed -e "s|<kernel>.*</kernel>|<kernel>$(lab_get 1 kernel)</kernel>|" \
    -e "s|<initrd>.*</initrd>|<initrd>$(lab_get 1 initrd)</initrd>|" \
      "$top_srcdir/domains/qemu-tcg.xml" >"$work/guest.xml"
  cat >"$work/study.xml" <<EOF
<study name="through-ssh">
  <hosts>
    <host name="alpha" uri="$(xml "$(uri_of 0)")" migrate-uri="$(lab_get 1 migrate0)"/>
    <host name="beta" uri="$(xml "$(uri_of 1)")" migrate-uri="$(lab_get 1 migrate1)"/>
  </hosts>
  <workload name="m" type="memory" wss="32 MB" rate="1000"/>
  <guest name="m1" workload="m" memory="192 MiB" template="$1"/>
  <cases><sequence>m1</sequence></cases>
  <timing settle="1 s" baseline="1 s" window="2 s" repetitions="1"/>
</study>
EOF
}

migcost() { # ARGUMENT...
  run env MIGCOST_DATADIR="$work/data" XDG_STATE_HOME="$work/state" "$top_builddir/migcost" "$@"
}

is_reached_by_ssh() { # HOST
  grep "^$1,uri,.*qemu+ssh://" "$result/environment.csv" &&
    grep "^$1,round trip,[1-9]" "$result/environment.csv"
}

# pool HOST NAME N: a storage pool on it, in a directory that its daemon may write to
pool() {
  mkdir -m 777 "$work/pool$3" && virsh_on 1 "$1" pool-create-as "$2" dir --target "$work/pool$3"
}

in_pool() { # N: what lies there, on the host of that number
  ls "$work/pool$1"
}

# of a content: the name that migcost gives it
name_of() { # WHAT FILE
  echo "migcost-$1-$(sha256sum "$2" | cut -c 1-16)"
}

boots_from_pool() { # HOST NAME
  grep "^$2,guest kernel,\"$work/pool$1/migcost-kernel-" "$result/environment.csv"
}

# shared N: what runs have left for others, N files a host, without anybody's mark
shared() {
  for host in 0 1; do
    [ "$(in_pool $host | wc -l)" = "$1" ] &&
      [ "$(in_pool $host | grep -cE '^migcost-(kernel|initrd)-[0-9a-f]{16}-f1-[0-9a-f]{16}$')" = "$1" ] ||
      { in_pool $host; return 1; }
  done
}

# upload_of HOST ROLE: what a run has left there
upload_of() {
  in_pool "$1" | grep "^migcost-$2-.*-"
}

# others in the pool of the one host: two of eight days ago, one of them in use, and one of today; then
# two more of eight days ago, of the first builds, which name no format, and of another version's
leave_old() {
  for name in f1-000000000000000a f1-000000000000000b f1-000000000000000c 000000000000000d f2-000000000000000e; do
    old=$work/pool0/migcost-kernel-0123456789abcdef-$name
    echo old >"$old" && [ "${name%c}" != "$name" ] || touch -d '8 days ago' "$old" || return 1
  done
  : >"$work/pool0/migcost-lease-000000000000000b-f1-0000000000000001"
}

old_left() {
  ls "$work/pool0" | sed -n 's/^migcost-kernel-0123456789abcdef-.*0//p' | sort | tr -d '\n'
}

empty() { [ -z "$(in_pool "$1")" ] || { in_pool "$1"; false; }; }

# a shared pool: another run comes and goes while this one, which stands still, has its files there
another_run() {
  in_pool 0 >"$work/before"
  migcost check --pool lab-pool --remove-uploads "$work/study.xml"
  in_pool 0 >"$work/after"
}

# killed: as soon as guests start, when the files are there
kill_after_upload() {
  mkfifo "$work/progress"
  env MIGCOST_DATADIR="$work/data" XDG_STATE_HOME="$work/state" "$top_builddir/migcost" run \
    --pool lab-pool \
    "$work/study.xml" -o "$work/killed" >/dev/null 2>"$work/progress" 3>&- 4>&- &
  pid=$!
  while IFS= read -r line; do
    case $line in *": starting guests"*) kill -STOP $pid && another_run; kill -KILL $pid ;; esac
  done <"$work/progress"
  wait $pid
  [ $? = 137 ] && [ "$(in_pool 0 | grep -c '^migcost-')" = 4 ]
}

result=$work/result
check "keys" keys
check "a lab" lab_up 1
check "an ssh daemon for the one host" sshd_start 0
check "one for the other" sshd_start 1
check "virsh gets in" virsh -q -c "$(uri_of 0)" list
check "a study" study "$work/guest.xml"
migcost check "$work/study.xml"
check "the check passes" exits 0
check "it says that the hosts are not this machine" grep -q "^NOTE  alpha .*disturbances" "$work/out"
migcost run "$work/study.xml" -o "$result"
check "the guest is started, migrated, ended" exits 0
check "the migration is sound" holds migrations status ok
check "its downtime is seen by the guest" [ "$(column migrations first_destination_heartbeat_ns)" \
  -gt "$(column migrations last_source_heartbeat_ns)" ]
check "no heartbeat is lost" holds guests heartbeats_lost 0
check "it went to the other host" holds guests host_after beta
check "a run does not warn of what nobody can change here" not grep -q "page merging" "$work/err"
check "its QEMU is named" grep -q '^alpha,emulator,"*/' "$result/environment.csv"
check "the first host is reached through ssh" is_reached_by_ssh alpha
check "so is the second" is_reached_by_ssh beta
check "nothing is left on it" [ -z "$(virsh -q -c "$(uri_of 1)" list --all --name)" ]
check "nothing is to be undone" not ls "$work/state/migcost/undo/"journal-*

# the guests' files, by libvirt alone
result=$work/uploaded
check "a pool on the one host" pool 0 lab-pool 0
check "a pool on the other" pool 1 lab-pool 1
check "a study that names no files" study qemu-tcg
migcost run --pool lab-pool "$work/study.xml" -o "$result"
check "its guest is started and migrated" exits 0
check "the migration is sound" holds migrations status ok
check "the upload is told, with its size" \
  grep -q "uploading the kernel of the guests, .*MB), to host 'alpha'" "$work/err"
check "guests boot from the pool of the one host" boots_from_pool 0 alpha
check "and of the other" boots_from_pool 1 beta
check "this one did" grep -q "<kernel>$work/pool0/migcost-kernel-" "$result/domains/m1-alpha.xml"
check "what they boot stays for the next run" shared 2
check "the one that was used" [ -e "$work/pool0/$(upload_of 0 kernel)" ]
in_pool 0 >"$work/before"
migcost check --pool lab-pool "$work/study.xml"
check "a second command" exits 0
check "finds it" grep -q "already uploaded, as '$work/pool0/$(upload_of 0 kernel)', on host" "$work/err"
check "and uploads nothing" not contains "$work/err" "uploading"
in_pool 0 >"$work/after"
check "nothing is added" cmp "$work/before" "$work/after"

# an upload that was cut off, and what is too old when another one is added
damaged=$work/pool0/$(upload_of 0 initrd)
size=$(stat -c %s "$damaged")
truncate -s "$((size - 10))" "$damaged" && truncate -s "$size" "$damaged"
check "what others have left" leave_old
migcost check --pool lab-pool "$work/study.xml"
check "a third command" exits 0
check "does not use the damaged one" grep -q "leaving it alone: its content differs" "$work/err"
check "but sends another one" grep -q "uploading the initrd of the guests, .* to host 'alpha'" "$work/err"
check "and nothing else" [ "$(grep -c 'uploading the' "$work/err")" = 1 ]
check "of another role nothing is removed" [ "$(old_left)" = abcde ]
rm "$work/pool0/$(upload_of 0 kernel | grep -v 0123456789abcdef)"
migcost check --pool lab-pool "$work/study.xml"
check "a kernel is sent again" exits 0
check "old ones that nobody uses go, but not another version's" [ "$(old_left)" = bce ]
check "that is said" grep -q "removed 'migcost-kernel-0123456789abcdef-f1-000000000000000a'" "$work/err"
rm "$work"/pool0/*-0123456789abcdef-* "$work"/pool0/migcost-lease-* "$damaged"
migcost check --pool lab-pool --remove-uploads "$work/study.xml"
check "with --remove-uploads" exits 0
check "nothing is left in the one pool" empty 0
check "nothing in the other" empty 1

# the one host has the kernel, the other has one that is damaged
name=$(name_of kernel "$MIGCOST_KERNEL")
cp "$MIGCOST_KERNEL" "$work/pool0/$name"
cp "$MIGCOST_KERNEL" "$work/pool1/$name"
dd if=/dev/zero of="$work/pool1/$name" bs=1 seek=1000000 count=1 conv=notrunc 2>/dev/null
cp "$work/pool1/$name" "$work/damaged"
migcost check --pool lab-pool --remove-uploads "$work/study.xml"
check "kernels that are there" exits 0
check "the sound one is used" contains "$work/err" "already uploaded, as '$work/pool0/$name'"
check "and stays" cmp "$MIGCOST_KERNEL" "$work/pool0/$name"
check "the damaged one is not" not contains "$work/err" "already uploaded, as '$work/pool1/$name'"
check "that is said" grep -q "leaving it alone: its content differs" "$work/err"
check "another one is sent, and removed" [ "$(in_pool 1)" = "$name" ]
check "the damaged one is left alone" cmp "$work/damaged" "$work/pool1/$name"
rm "$work/pool0/$name" "$work/pool1/$name"
migcost check --pool nowhere "$work/study.xml"
check "a pool that is not there is an error" exits 1
check "that says so" contains "$work/err" "host 'alpha' has no storage pool 'nowhere'"
check "a pool of LVM on the other host" virsh_on 1 1 pool-define-as lvm logical --source-name vg --target /dev/vg
check "one of files on the first" pool 0 lvm 2
migcost check --pool lvm "$work/study.xml"
check "a pool that holds no files is an error" exits 1
check "that says so, and what to do" contains "$work/err" "the storage pool 'lvm' of host 'beta' is of type 'logical', \
which holds no files; name one of type 'dir', 'fs' or 'netfs', or a directory, which begins with a '/'"
check "in one line" [ "$(wc -l <"$work/err")" = 1 ]
check "nothing was uploaded to the first" empty 2
check "these pools go" virsh_on 1 1 pool-undefine lvm
check "both" virsh_on 1 0 pool-destroy lvm
check "nothing is to be undone" not ls "$work/state/migcost/undo/"journal-*

# a directory that no pool has
directory() {
  mkdir -m 777 "$work/files" && echo mine >"$work/files/migcost-kernel-mine"
}
no_other_pool() { # HOST
  virsh_on 1 "$1" pool-list --all --name | awk 'NF' >"$work/pools"
  [ "$(awk '{ print $1 }' "$work/pools")" = lab-pool ] || { od -c "$work/pools"; return 1; }
}
# at_once: two checks use the directory at the same time: the pool that the one has made is ended by
# the other in the middle of what it does
at_once() {
  numbers=
  for k in 1 2; do
    env MIGCOST_DATADIR="$work/data" XDG_STATE_HOME="$work/state" "$top_builddir/migcost" check \
      --pool "$work/files/" --remove-uploads "$work/study.xml" >"$work/at-once$k" 2>&1 3>&- 4>&- &
    numbers="$numbers $!"
  done
  for number in $numbers; do
    wait "$number" || { cat "$work/at-once1" "$work/at-once2"; return 1; }
  done
}
check "a directory with somebody's file" directory
check "is a place for files, of two checks at once" at_once
check "they are sent there, by the first of them" \
  grep -q "it is '$work/files/migcost-initrd-" "$work/at-once1" "$work/at-once2"
check "they are removed, and nothing else" [ "$(ls "$work/files")" = migcost-kernel-mine ]
check "the transient pool is gone" no_other_pool 0
check "on the other host too" no_other_pool 1
migcost check --pool "$work/nowhere" "$work/study.xml"
check "a directory that is not there is an error" exits 1
check "that says so" contains "$work/err" \
  "cannot make a storage pool of the directory '$work/nowhere' on host 'alpha'"
check "nothing is to be undone" not ls "$work/state/migcost/undo/"journal-*

check "killed when it has uploaded" kill_after_upload
check "another run meanwhile passed" exits 0
check "and left what this one needs" cmp "$work/before" "$work/after"
check "files, and a mark for each" [ "$(wc -l <"$work/before")" = 4 ]
migcost check --pool lab-pool --remove-uploads "$work/study.xml"
check "the next start takes the marks back" \
  grep -q "took back what an earlier run left on .*: upload 'lab-pool/migcost-lease-" "$work/err"
check "nothing is left" empty 0
check "nor on the other host" empty 1
check "the lab ends" lab_end 1
finish
