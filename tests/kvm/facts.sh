# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# facts.sh: what the emulated KVM hosts are made of. Each fact stands here once; doc/hosts-kvm.md says
# why. Sourced by the other scripts of this folder; everything here is an input of the cache key.

# Debian's releases of the two hosts: libvirt 11.3 and QEMU 10.0 in trixie, 9.0 and 7.2 in bookworm.
suites=trixie,trixie
kind_options=', --suites'
kind_usage='  --suites S1,S2  releases of Debian that the hosts run (default: trixie,trixie; or bookworm)
'
KERNEL_PACKAGE=linux-image-cloud-amd64
ROOT_PACKAGES='libvirt-daemon-driver-qemu libvirt-clients
  qemu-system-x86 openssh-server polkitd dbus iproute2 kmod busybox-static procps nfs-kernel-server'

# root_packages SUITE: in bookworm storage is part of the daemon, and libvirt-daemon-system makes the
# user that guests run as
root_packages() {
  case $1 in
    bookworm) echo "libvirt-daemon-system $ROOT_PACKAGES" ;;
    *) echo "libvirt-daemon-driver-storage $ROOT_PACKAGES" ;;
  esac
}

# Files of this folder that the image holds, besides those of tests/pair. The first process of a host.
HOST_INIT=kvm-init
IMAGE_FILES="$HOST_INIT qemu.conf"

# Kernel modules: those that the initramfs loads, those that kvm-init loads, those that guests with a network
# load. What they need comes with them; what a release has built in is left out.
BOOT_MODULES='virtio_pci virtio_blk overlay'
HOST_MODULES='virtio_net kvm_amd bridge tun nfsd nfsv4'
GUEST_MODULES='virtio_pci virtio_net'

# Room for two guests of 512 MiB.
HOST_MEMORY_MIB=2560
# The volume with the guests' files: where domains/qemu-kvm.xml looks for them. Its size is fixed,
# because it is part of a saved host's hardware.
GUEST_VOLUME_MIB=64
GUEST_DIRECTORY=/boot GUEST_KERNEL=vmlinuz GUEST_INITRD=guest.cpio.gz

# A host's address on QEMU's user network, the port of libvirtd in it and others to be reached: ssh,
# libvirtd by TLS.
HOST_ADDRESS=10.0.2.15
LIBVIRT_TRANSPORT=qemu+tcp
LIBVIRT_PORT=16509
OTHER_PORTS='22 16514'

HOST_ARGS='console=ttyS0 host_tty=ttyS0 host_init=kvm-init mitigations=off quiet loglevel=5 nokaslr
 panic=-1 tsc=reliable no_timer_check nowatchdog cryptomgr.notests audit=0 apparmor=0
 random.trust_cpu=on'

# host_boot N COMMAND...: COMMAND, which starts QEMU, with what host N boots and its CPU model: one that
# has SVM, which QEMU emulates with nested paging
host_boot() {
  boot_host=$1
  shift
  exec "$@" -cpu EPYC,-x2apic -accel tcg,thread=multi,tb-size=1024 \
    -kernel "$boot_host/image/vmlinux" -append "$(echo $HOST_ARGS hostn=$boot_host)" \
    -initrd "$boot_host/image/host-initrd"
}

# prepare_archive SUITE: exports PAIR_ARCHIVE, $MIRROR or else this machine's; the state of the archive,
# which changes with each point release, is the last known where it cannot be reached.
prepare_archive() {
  PAIR_ARCHIVE=${MIRROR-$(own_archive)}
  PAIR_ARCHIVE=${PAIR_ARCHIVE%/}
  export PAIR_ARCHIVE
  [ -n "$PAIR_ARCHIVE" ] || { say "this machine has no archive of Debian's"; exit 77; }
  if /usr/lib/apt/apt-helper -qq download-file "$PAIR_ARCHIVE/dists/$1/InRelease" \
    "$cache/$1.new" > "$cache/archive.log" 2>&1
  then
    mv "$cache/$1.new" "$cache/$1.InRelease"
  fi
  [ -r "$cache/$1.InRelease" ] ||
    { say "the archive of $1 cannot be reached: $(tail -n 1 "$cache/archive.log")"; exit 77; }
}

# package_versions SUITE: of the packages in an image, as the archive names its state
package_versions() {
  cat "$cache/$1.InRelease"
}

# Tools the scripts call, and the Debian packages that hold them.
NEEDED_TOOLS='mmdebstrap apt-cache apt-get mke2fs cpio xz lz4 zstd gzip qemu-system-x86_64 virsh
  ssh-keygen taskset flock od'
NEEDED_PACKAGES='mmdebstrap debian-archive-keyring e2fsprogs cpio xz-utils lz4 zstd gzip
  qemu-system-x86 libvirt-clients openssh-client util-linux coreutils'
