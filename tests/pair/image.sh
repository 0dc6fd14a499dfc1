# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# image.sh: from installed packages to what an emulated host boots. Sourced by image-hook ROOT SUITE of
# a kind, which mmdebstrap calls (see build-image) when ROOT holds the installed packages; it needs
# here (the kind's folder) and facts.sh. What is in out goes to ROOT/build. The work directory is
# beside ROOT: hard links.
common=$(cd "$here/../pair" && pwd)
root=$1 suite=$2
work=$(mktemp -d "$(dirname "$root")/migcost-pair.XXXXXX")
out=$work/out
tree=$work/tree
trap 'rm -rf --one-file-system "$work"' EXIT
mkdir "$out"

fail() { echo "image-hook: $*" >&2; exit 1; }

# The kernel that a kernel meta package stands for.
kernel_of() {
  APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-cache depends "$1" |
    sed -n 's/^ *Depends: \(linux-image-[^ ]*\).*/\1/p' | head -n 1
}

# fetch PACKAGE[=VERSION] DIR: unpacks a package into DIR. Not installed: a kernel's hooks would build
# an initramfs for minutes.
fetch() {
  mkdir -p "$work/deb" "$2"
  (cd "$work/deb" && APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get -qq -o APT::Sandbox::User=root \
    download "$1") ||
    fail "package '$1' of $suite cannot be downloaded: it may be gone from the archive; see doc/lab.md"
  dpkg-deb -x "$work"/deb/*.deb "$2"
  rm -r "$work/deb"
}

# copy_modules KERNEL DIR NAME...: from an unpacked kernel package, unpacked, numbered in the order
# given
copy_modules() {
  kernel=$1 dir=$2 number=10
  shift 2
  for name; do
    file=$(find "$kernel" -name "$name.ko" -o -name "$name.ko.xz" -o -name "$name.ko.zst")
    case $file in
      '') fail "kernel module '$name' is not in the host's kernel package" ;;
      *.xz) xz -dc "$file" > "$dir/$number-$name.ko" ;;
      *.zst) zstd -qdc "$file" > "$dir/$number-$name.ko" ;;
      *) cp "$file" "$dir/$number-$name.ko" ;;
    esac
    number=$((number + 1))
  done
}

# make_initramfs KERNEL NAME...: with these modules
make_initramfs() {
  initramfs=$work/initramfs kernel=$1
  shift
  mkdir -p "$initramfs/bin" "$initramfs/dev" "$initramfs/modules" "$initramfs/lower" \
    "$initramfs/upper" "$initramfs/root"
  cp "$root/bin/busybox" "$initramfs/bin/"
  cp "$common/host-initramfs" "$initramfs/init"
  chmod +x "$initramfs/init"
  copy_modules "$kernel" "$initramfs/modules" "$@"
  (cd "$initramfs" && find . | cpio -o -H newc --quiet) > "$out/host-initrd"
}

# make_guest_modules KERNEL NAME...: the start of the guests' initramfs, with these modules, which
# migcost's first process loads where a guest has a network. Not compressed: of what begins as gzip,
# libxl takes the first archive only.
make_guest_modules() {
  kernel=$1
  shift
  mkdir -p "$work/guest-modules/modules"
  copy_modules "$kernel" "$work/guest-modules/modules" "$@"
  (cd "$work/guest-modules" && find modules | cpio -o -H newc --quiet) > "$out/guest-modules.cpio"
}

# The installed files without what mmdebstrap has mounted among them (/proc, /sys, /dev).
link_tree() {
  cp -alx "$root" "$tree"
}

# What an emulated host never uses. Fewer bytes are fewer bytes to read under emulation.
prune() {
  (
    cd "$tree"
    rm -rf usr/lib/python3*/idlelib usr/lib/python3*/lib2to3 usr/lib/python3*/ensurepip \
      usr/lib/python3*/pydoc_data usr/share/doc usr/share/man usr/share/locale usr/share/info \
      usr/share/perl usr/share/i18n usr/share/zoneinfo usr/share/bash-completion \
      usr/share/common-licenses usr/share/lintian usr/share/gcc \
      usr/lib/x86_64-linux-gnu/perl-base usr/lib/x86_64-linux-gnu/gconv usr/lib/apt \
      usr/lib/udev/hwdb* var/lib/dpkg var/lib/apt var/cache/* boot/* usr/lib/modules/*
  )
}

# put FILE PATH: a file of the tree, in place of one that is linked to mmdebstrap's
put() {
  cp --remove-destination "$1" "$tree$2"
}

# furnish KERNEL: what an emulated host of any kind has of ours, with $HOST_MODULES
furnish() {
  mkdir -p "$tree/var/cache/libvirt" "$tree/lib/modules/host" "$tree/root" "$tree$GUEST_DIRECTORY"
  copy_modules "$1" "$tree/lib/modules/host" $HOST_MODULES
  for script in "$common/host-wake" "$here/$HOST_INIT"; do
    put "$script" "/sbin/${script##*/}"
    chmod +x "$tree/sbin/${script##*/}"
  done
  put "$common/host-init.sh" /sbin/host-init.sh
  put "$common/libvirtd.conf" /etc/libvirt/libvirtd.conf
  rm -f "$tree/etc/hostname"
  echo host > "$tree/etc/hostname"
}

# The image is used read-only: no journal, little room to spare.
make_root_image() {
  size=$(du -sm --apparent-size "$tree" | cut -f1)
  mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$tree" "$out/root.ext4" "$((size * 5 / 4 + 16))M"
  mv "$out" "$root/build"
}
