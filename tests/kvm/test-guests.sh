#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Guests as people have them, on the emulated KVM pair: with two vCPUs, in huge pages, with a disk that
# the hosts do not share, with one by NFS, of the template's and of migcost's own; by TLS and by
# post-copy. From beta, the client of NFS, to alpha, its server; migcost reaches both by TLS.
# shellcheck source-path=SCRIPTDIR source=../pair/lib-pair.sh source=lib-ssh.sh
kind=kvm
. "$top_srcdir/tests/pair/lib-pair.sh"
. "$top_srcdir/tests/kvm/lib-ssh.sh"

# --- TLS: the pair's hosts have certificates

listen_for_tls() {
  both 'sed -i "s/^listen_tls = 0/listen_tls = 1/" /etc/libvirt/libvirtd.conf
    pid=$(cat /run/libvirtd.pid); kill $pid
    while [ -e /proc/$pid ]; do sleep 0.1; done
    libvirtd -d --listen'
}

# reach_by_tls: source and destination of what follows
reach_by_tls() {
  listen_for_tls || return 1
  source=$(tls_uri 2) destination=$(tls_uri 1)
  for at in source destination; do
    wait_until_answers $at || return 1
  done
}

tls_uri() { # N
  echo "qemu+tls://127.0.0.1:$("$emulated_pair" port "$directory" "$1" 16514)/system?pkipath=$directory/pki/client"
}

wait_until_answers() { # source|destination
  tries=0
  until on "$1" list; do
    tries=$((tries + 1))
    [ $tries -lt 60 ] || return 1
    sleep 0.5
  done
}

# --- what the guests have on the hosts

# NFS 4 alone: no rpcbind, no statd. A tmpfs, because the hosts' own files are on overlayfs.
export_directory() {
  ssh root@alpha 'set -e
    mkdir /shared; mount -t tmpfs -o size=32m shared /shared; chmod 1777 /shared
    mount -t nfsd nfsd /proc/fs/nfsd
    mkdir -p /var/lib/nfs/v4recovery /var/lib/nfs/rpc_pipefs; touch /var/lib/nfs/etab /var/lib/nfs/rmtab
    echo "/shared 192.168.77.0/24(rw,no_root_squash,no_subtree_check,fsid=0,insecure)" >/etc/exports
    exportfs -r; rpc.mountd -N 3; rpc.nfsd -N 3 --grace-time 10 --lease-time 10 2' </dev/null &&
    ssh root@beta 'mkdir /shared && mount -t nfs4 -o vers=4.2,nolock 192.168.77.1:/ /shared' </dev/null
}

make_disks() {
  ssh root@beta 'head -c 8M /dev/urandom >/var/tmp/local.img; head -c 8M /dev/urandom >/shared/shared.img' \
    </dev/null && ssh root@alpha 'truncate -s 8M /var/tmp/local.img' </dev/null && not same local.img
}

# same FILE: of /var/tmp, on both hosts
same() {
  both "sha256sum /var/tmp/$1" >"$work/sums"
  [ "$(cut -d ' ' -f 1 "$work/sums" | uniq | wc -l)" = 1 ] || { cat "$work/sums"; return 1; }
}

# 160 MiB, and post-copy for guests whose QEMU is not root
prepare_hosts() {
  both 'echo 80 >/proc/sys/vm/nr_hugepages
    [ "$(cat /proc/sys/vm/nr_hugepages)" = 80 ] && sysctl -q vm.unprivileged_userfaultfd=1'
}

with_disk() { # NAME FILE
  disk="<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='$2'/>"
  disk="$disk<target dev='vda' bus='virtio'/></disk>"
  sed "s#<devices>#&$disk#" "$work/data/domains/qemu-kvm.xml" >"$work/$1.xml"
}

templates() {
  with_disk local /var/tmp/local.img && with_disk shared /shared/shared.img
}

# studies: all of them, and one of the disk that is not shared, as it is. By TLS the emulated hosts send
# 200 to 700 kB/s, so there memory changes slowly. Where post-copy is to be seen, no round may leave so little
# that pre-copy ends by itself.
studies() {
  hosts='<hosts><host name="source" cpu="0"/><host name="destination" cpu="0"/></hosts>'
  workload='<workload name="m" type="memory" wss="16 MB" rate="500"/>'
  timing='<timing ready-timeout="10 min" settle="3 s" baseline="2 s" window="8 s" repetitions="1"/>'
  cat >alone.xml <<END
<study name="alone">
  $hosts
  $workload
  <guest name="local" workload="m" memory="128 MiB" template="$work/local.xml"/>
  <cases><sequence>local</sequence></cases>
  $timing
</study>
END
  cat >guests.xml <<END
<study name="guests">
  $hosts
  $workload
  <workload name="busy" type="memory" wss="32 MB" rate="20000"/>
  <workload name="slow" type="memory" wss="2 MB" rate="10"/>
  <guest name="two" workload="slow" memory="96 MiB" vcpus="2"/>
  <guest name="huge" workload="m" memory="128 MiB" hugepages="yes"/>
  <guest name="local" workload="m" memory="128 MiB" template="$work/local.xml"/>
  <guest name="shared" workload="busy" memory="128 MiB" template="$work/shared.xml"/>
  <experiment name="tls" guests="two">
    <cases><sequence>two</sequence></cases><migration tls="yes" max-downtime="5 s"/>
  </experiment>
  <experiment name="huge" guests="huge"><cases><sequence>huge</sequence></cases></experiment>
  <experiment name="copy" guests="local">
    <cases><sequence>local</sequence></cases><migration copy-storage="all"/>
  </experiment>
  <experiment name="follow" guests="shared">
    <cases><sequence>shared</sequence></cases><migration technique="post-copy" max-downtime="10 ms"/>
  </experiment>
  $timing
</study>
END
}

# disk_study: a disk that migcost makes on NFS, of which it verifies each block, by an initramfs that has the
# driver; a lap over its blocks takes five seconds
disk_study() {
  place='pool="/var/tmp" disk-pool="/shared"'
  cat >disk.xml <<END
<study name="disk">
  <hosts>
    <host name="source" cpu="0" uri="$source" $place/>
    <host name="destination" cpu="0" uri="$destination" $place/>
  </hosts>
  <workload name="d" type="io" wss="1 MiB" rate="50"/>
  <guest name="d1" workload="d" memory="128 MiB" disk="8 MiB"/>
  <cases><sequence>d1</sequence></cases>
  <timing ready-timeout="10 min" settle="3 s" baseline="4 s" window="20 s" repetitions="1"/>
</study>
END
}

# no_volumes: of migcost's, on NFS
no_volumes() { ssh root@alpha '! ls /shared | grep migcost-' </dev/null; }

no_alarm() { [ -z "$(column guests alarm | grep .)" ] || { cat "$result/guests.csv"; false; }; }

check_run() { run "$migcost" check "$@" --source "$source" --destination "$destination"; }

# refused_unsafe: where nobody has asked for the disk to be copied
refused_unsafe() {
  check_run alone.xml
  exits 1 && grep '^FAIL  study .*a small guest cannot migrate: .*unsafe' out &&
    grep -e '--copy-storage all' out || { cat out; return 1; }
}

lacks_hardware() {
  grep 'it has no NUMA node 7' out && grep "it does not offer 'Opteron_G9' to guests" out || { cat out; return 1; }
}

# --- what is measured

# of GUEST TABLE COLUMN
of() { column "$2" "$3" guest "$1"; }

has() { # GUEST TABLE COLUMN VALUE
  [ "$(of "$1" "$2" "$3")" = "$4" ] || { cat "$result/$2.csv"; return 1; }
}

domain_has() { # GUEST PATTERN COUNT: in its definition
  [ "$(grep -c "$2" "$(grep -l "migcost-$1<" "$result"/domains/*.xml)")" = "$3" ] ||
    { cat "$result"/domains/*.xml; return 1; }
}

has_vcpu_time() { of two samples vcpu_ns | grep -q '[1-9]' || { cat "$result/samples.csv"; false; }; }

# by libvirt's own events. The destination's libvirt says that the guest goes on by post-copy only where
# it looks while pages are still missing there: of the last 100 ms or so it may say that it has migrated.
switched() {
  grep -q ',source,shared,.*suspended post-copy' "$result/events.csv" &&
    grep -qE ',destination,shared,.*resumed (post-copy|migrated)' "$result/events.csv" ||
    { cat "$result/events.csv"; return 1; }
}

waited() { of shared migrations post_copy_requests | grep -q '^[1-9]' || { cat "$result/migrations.csv"; false; }; }

build_or_skip
check "the pair comes up" pair_up
[ "$failures" = 0 ] || { echo 'Bail out! no hosts'; exit 99; }
check "ssh leads to the hosts" ssh_to_hosts
check "alpha exports a directory, which beta mounts" export_directory
check "a disk on each host, and one on NFS" make_disks
check "huge pages, and post-copy for all users" prepare_hosts
check "libvirt answers by TLS" reach_by_tls
check "templates of the guests" templates
studies
check "a disk that is not shared: check says what to do" refused_unsafe
sed 's/hugepages="yes"/& numa-node="7" cpu-model="Opteron_G9"/' guests.xml >wrong.xml
check_run wrong.xml
check "a NUMA node and a CPU model that the hosts lack are told of" lacks_hardware
sed 's/name="huge" workload="m" memory="128/name="huge" workload="m" memory="512/' guests.xml >large.xml
check_run large.xml
check "... as are huge pages" grep 'huge pages.* 537 MB needed' out
measure guests guests.xml --source "$source" --destination "$destination"
check "the study runs" exits 0
check "the result is complete" is_complete
check "the hosts were reached by TLS" grep -q '^source,uri,.*qemu+tls://' "$result/environment.csv"
check "all migrations are sound" all_are ok migrations status
check "... there are four" has_rows 4 migrations
check "no heartbeat is lost" all_are 0 guests heartbeats_lost
check "guests have verified their memory" all_are 0 guests checksum_errors
check "two vCPUs: the row says so" has two guests vcpus 2
check "... each is pinned" domain_has two '<vcpupin ' 2
check "... samples have their time" has_vcpu_time
check "huge pages: the guest has them" domain_has huge '<hugepages' 1
check "... and the CPU that both hosts can give it" domain_has huge '<cpu mode=.custom. match=.exact.' 1
check "a disk that is not shared: the guest has it" domain_has local /var/tmp/local.img 1
check "... it is the same now on both hosts" same local.img
check "a disk by NFS: the guest has it" domain_has shared /shared/shared.img 1
check "post-copy: pre-copy ended by it" has shared migrations stopped_by post-copy
check "... by libvirt's events, too" switched
check "... it waited for pages" waited
check "the report can be read" is_readable
disk_study
run "$migcost" check disk.xml
check "a disk of migcost's: the check finds it on both hosts" grep "PASS .*disks are seen by host 'destination'" out
sed 's/disk="8/disk-cache="writeback" &/' disk.xml >cached.xml
run "$migcost" check cached.xml
check "... and warns of a cache" grep "WARN .*guest 'd1' has a disk with the cache mode 'writeback'" out
measure disk disk.xml
check "... the study runs" exits 0
check "... all migrations are sound" all_are ok migrations status
check "... no block was damaged" no_alarm
check "... the rate before was measured" all_are page-sampling guests dirty_method
check "... the disk is gone" no_volumes
check "nothing is left on the source" no_guests source
check "nor on the destination" no_guests destination
check "the pair goes down" "$emulated_pair" down "$directory"
finish
