# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# host-init.sh: what PID 1 of an emulated host does, whatever its kind. Sourced by dom0-init (Xen) and
# kvm-init. The kernel's command line says hostn=1|2, which host it is, and host_tty, its console.
# Ends in serve: says "HOST READY", then runs every line that comes in on the console.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C TERM=dumb
N=$hostn

say() { read -r up _ < /proc/uptime; echo "HOST $* ($up s)"; }

# wait_for COMMAND...: until it succeeds, at most 30 s
wait_for() {
  n=0
  until "$@" > /dev/null 2>&1; do
    n=$((n + 1)); [ $n -lt 300 ] || { say "FAILED waiting for: $*"; return 1; }
    sleep 0.1
  done
}

mount_filesystems() {
  mount -t proc proc /proc
  mount -t sysfs sysfs /sys
  mkdir -p /dev/pts /dev/shm
  mount -t devpts devpts /dev/pts
  for dir in /run /tmp /dev/shm; do mount -t tmpfs tmpfs $dir; done
  mkdir -p /run/lock /run/libvirt
}

load_modules() {
  stty -echo < "/dev/$host_tty"
  for module in /lib/modules/host/*; do insmod "$module" || say "no module $module"; done
}

# eth0: QEMU's user network; the outer machine is 10.0.2.2. eth1: the link to the other host; with an
# MTU of 1500 migration takes twice as long. eth2: the guests' network, in a bridge that they can have
# interfaces on.
set_up_network() {
  hostname host$N
  ip link set lo up
  wait_for test -d /sys/class/net/eth2
  ip link set eth0 up
  ip addr add 10.0.2.15/24 dev eth0
  ip route add default via 10.0.2.2
  ip link set eth1 mtu 65000 up
  ip addr add 192.168.77.$N/24 dev eth1
  ip link add lan0 type bridge forward_delay 0
  ip link set eth2 up master lan0
  ip link set lan0 up
  printf '127.0.0.1 localhost\n192.168.77.1 host1\n192.168.77.2 host2\n' > /etc/hosts
}

# start_libvirtd URI UUID: libvirt refuses to migrate between hosts of one UUID
start_libvirtd() {
  echo "host_uuid = \"$2\"" >> /etc/libvirt/libvirtd.conf
  libvirtd -d --listen
  wait_for virsh -c "$1" list
}

serve() {
  say READY
  while read -r line; do sh -c "$line"; done < "/dev/$host_tty" 2>&1
}
