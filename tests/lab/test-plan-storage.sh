#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Disks that are copied, and TLS: two hosts, each with a disk of its own under the same path.
# shellcheck source-path=SCRIPTDIR source=lib-execute.sh
. "$(dirname "$0")/lib-execute.sh"

names=web
web="memory wss=2000000 rate=100"
disk=$work/disk/web.img

am_root || skip_all "needs root, to give each host a disk of its own under the same path"
command -v certtool >/dev/null || skip_all "certtool is not installed: ./quickstart installs it"

# --- a host's daemon once more: with files of its own

# restart HOST: in a mount namespace of its own, in which $work/disk is this host's
restart() {
  restarted=$1
  pid=$(daemon_of "$(lab_get 1 directory)" "$1")
  tr '\0' '\n' <"/proc/$pid/environ" >"$work/environ"
  tr '\0' '\n' <"/proc/$pid/cmdline" >"$work/cmdline"
  ids=$(awk '/^Uid/ { uid = $2 } /^Gid/ { gid = $2 } END { print uid, gid }' "/proc/$pid/status")
  mkfifo "$work/go"
  (
    set --
    while IFS= read -r word; do set -- "$@" "$word"; done <"$work/environ"
    set -- env -i "$@"
    while IFS= read -r word; do set -- "$@" "$word"; done <"$work/cmdline"
    # it has entered the namespaces of the old one before that ends
    exec nsenter -t "$pid" -m -n -p -i sh -c '
      read -r _ <"$1"
      own=$2 shared=$3 uid=${4% *} gid=${4#* }
      shift 4
      exec unshare --mount sh -c "
        mount --make-rprivate / && mount --bind \"\$1\" \"\$2\" && shift 2 && exec \"\$@\"" sh \
        "$own" "$shared" setpriv --reuid="$uid" --regid="$gid" --clear-groups "$@"' sh "$work/go" \
      "$work/disk.$restarted" "$work/disk" "$ids" "$@"
  ) >>"$work/daemon.log" 2>&1 3>&- 4>&- &
  exec 6>"$work/go"
  kill -KILL "$pid"
  wait_end "$pid"
  echo >&6
  exec 6>&-
  rm "$work/go"
  tries=0
  until virsh_on 1 "$restarted" uri >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || { cat "$work/daemon.log"; return 1; }
  done
}

hosts_restart() {
  mkdir "$work/disk" && for host in 0 1; do
    mkdir -m 777 "$work/disk.$host" && truncate -s 4M "$work/disk.$host/web.img" &&
      chmod 666 "$work/disk.$host/web.img" && restart $host || return 1
  done
}

# named NAME: as in lib-execute.sh, with a disk
named() {
  drive="<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='$disk'/>"
  drive="$drive<target dev='vda' bus='virtio'/></disk>"
  sed "s/lab-test/$1/; s/panic=-1/& -- $(workload_of "$1") period=100ms/
    s#<memballoon model='none'/>#&$drive#" "$work/guest.xml" >"$work/$1.xml"
}

write_disk() {
  printf 'written on host a' | dd of="$work/disk.0/web.img" conv=notrunc bs=1 2>"$work/dd.log"
}

copied() { # what is on the destination's disk now is what was on the source's
  cmp "$work/disk.0/web.img" "$work/disk.1/web.img"
}

not_copied() { ! cmp -s "$work/disk.0/web.img" "$work/disk.1/web.img"; }

disk_is_told() { # of 4 MiB
  total=$(column migrations disk_total_bytes) sent=$(column migrations disk_sent_bytes)
  [ "$total" -ge 4194304 ] && [ "$sent" -ge 4194304 ] && [ "$sent" -le "$total" ] &&
    [ "$(column migrations disk_ns)" -gt 0 ] && [ "$(column migrations sent_bytes)" -gt 0 ] ||
    { cat "$result/migrations.csv"; return 1; }
}

check "files" ship
check "a lab" lab_up 1
[ "$failures" = 0 ] || finish # without one virsh would talk to this machine's own daemon
check "... with certificates" test -z "$(lab_get 1 tls_why_not | tr -d '"')"
check "hosts that share no disk" hosts_restart
check "a disk that the hosts do not share" write_disk
check "a guest" start_guests
[ "$failures" = 0 ] || finish
check "... whose disks differ" not_copied

# --- disks

result=$work/results/refused
plan --yes --move web=b -o "$result"
check "without options libvirt refuses to move it" exits 1
check "... as unsafe, which is said" grep -q 'unsafe' "$result/migrations.csv"
check "... once" test "$(column migrations status)" = failed
result=$work/results/unsafe
plan --yes --move web=b --unsafe -o "$result"
check "with --unsafe it moves" runs_on 1 web
check "... nothing is told of a disk that was not copied" holds migrations disk_total_bytes ""
check "... and its disk does not" not_copied
plan --yes --move web=a --unsafe -o "$work/results/back"
check "... back" runs_on 0 web
plan --move web=b --copy-storage all
check "what is to be copied is part of what is predicted" grep -q 'disks, s' "$work/out"
result=$work/results/storage
plan --yes --move web=b --copy-storage all -o "$result"
check "with it the guest moves" exits 0
check "... it has" runs_on 1 web
check "... and so has its disk" copied
check "... what was sent of it is told apart from memory" disk_is_told

# --- TLS

result=$work/results/tls
plan --yes --move web=a --copy-storage inc --tls -o "$result"
check "by TLS" exits 0
check "... it has moved" runs_on 0 web
rm "$(lab_get 1 directory)/pki/1/server-cert.pem"
result=$work/results/no-tls
plan --yes --move web=b --copy-storage inc --tls -o "$result"
check "without the destination's certificate" exits 1
check "... nothing moves" runs_on 0 web
check "... the reason names it" grep -q "server-cert.pem" "$result/migrations.csv"

check "nothing of them is to be undone" not ls "$work/state/migcost/undo/"journal-*
for host in 0 1; do kill "$(daemon_of "$(lab_get 1 directory)" $host)"; done
check "the lab ends" lab_end 1
finish
