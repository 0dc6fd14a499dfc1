# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# facts.sh: what the emulated Xen hosts are made of. Each fact stands here once; doc/hosts-xen.md
# says why. Sourced by the other scripts of this folder; everything here is an input of the cache
# key.

suites=bookworm,bookworm
# Debian's security update, 4.17.7, is built without CONFIG_SHADOW_PAGING: no live migration of PV
# guests.
XEN_PACKAGE=xen-hypervisor-4.17-amd64
XEN_VERSION=4.17.5+72-g01140da4e8-1
XEN_FALLBACK_ADVICE='PV guests cannot be migrated live with it'
# Dom0 needs the generic kernel: the cloud kernel has no CONFIG_XEN_DOM0. Guests take the smaller
# one.
DOM0_KERNEL_PACKAGE=linux-image-amd64
GUEST_KERNEL_PACKAGE=linux-image-cloud-amd64
ROOT_PACKAGES='xen-utils-4.17 xenstore-utils libvirt-daemon libvirt-daemon-driver-xen libvirt-clients
  iproute2 kmod busybox-static procps'

# root_packages SUITE
root_packages() { echo "$ROOT_PACKAGES"; }

# Files of this folder that the image holds, besides those of tests/pair. The first process of Dom0.
HOST_INIT=dom0-init
IMAGE_FILES=$HOST_INIT

# Kernel modules, in the order in which they are loaded: by the initramfs, then by dom0-init; and
# by guests with a network.
BOOT_MODULES='virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk
  crc32c_generic crc16 mbcache jbd2 ext4 overlay'
HOST_MODULES='failover net_failover virtio_net xen-privcmd xenfs xen-evtchn xen-gntdev xen-gntalloc
  llc stp bridge xen-netback'
GUEST_MODULES=xen-netfront

# Room for four guests of 512 MiB beside Dom0 and Xen itself.
HOST_MEMORY_MIB=3072
DOM0_MEMORY_MIB=512
# The volume with the guests' files: where domains/xen-pv.xml looks for them. Its size is fixed,
# because it is part of a saved host's hardware. 56 MiB of it are used.
GUEST_VOLUME_MIB=128
GUEST_DIRECTORY=/guest GUEST_KERNEL=vmlinux GUEST_INITRD=initrd

# Dom0's address on QEMU's user network, the port of libvirtd in it and others to be reached.
HOST_ADDRESS=10.0.2.15
LIBVIRT_TRANSPORT=xen+tcp
LIBVIRT_PORT=16509
OTHER_PORTS=''

XEN_ARGS="console=com1 com1=115200,8n1 loglvl=info guest_loglvl=warning \
dom0_mem=${DOM0_MEMORY_MIB}M,max:${DOM0_MEMORY_MIB}M dom0_max_vcpus=1 \
sched=credit sched_credit_tslice_ms=30 spec-ctrl=no xpti=no pv-l1tf=no bootscrub=0 noreboot no-real-mode vga=none"
DOM0_ARGS='console=hvc0 host_tty=hvc0 host_init=dom0-init mitigations=off quiet loglevel=5 nokaslr panic=-1'

# host_boot N COMMAND...: COMMAND, which starts QEMU, with what host N boots and its CPU model
host_boot() {
  boot_host=$1
  shift
  exec "$@" -cpu Westmere -accel tcg,thread=multi,tb-size=512 \
    -kernel "$boot_host/image/xen" -append "$XEN_ARGS" \
    -initrd "$boot_host/image/vmlinux-dom0 $DOM0_ARGS hostn=$boot_host,$boot_host/image/host-initrd"
}

# mmdebstrap's own choice is taken.
prepare_archive() { :; }

# package_versions SUITE: of the packages in an image, as this machine's apt knows them
package_versions() {
  LC_ALL=C apt-cache madison $ROOT_PACKAGES $DOM0_KERNEL_PACKAGE $GUEST_KERNEL_PACKAGE |
    grep " $1[a-z-]*/main " | cut -d '|' -f 1,2 | sort -u
}

# Tools the scripts call, and the Debian packages that hold them.
NEEDED_TOOLS='mmdebstrap apt-cache mke2fs cpio xz lz4 gzip qemu-system-x86_64 virsh taskset flock od'
NEEDED_PACKAGES='mmdebstrap debian-archive-keyring e2fsprogs cpio xz-utils lz4 gzip qemu-system-x86
  libvirt-clients util-linux coreutils'
