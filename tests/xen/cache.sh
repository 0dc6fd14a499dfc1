# SPDX-License-Identifier: GPL-3.0-or-later
# cache.sh: images and saved states, cached by content. Sourced by xen-pair; needs facts.sh, host.sh
# and the variables here (this folder) and cache (directory). The guests' initramfs is in neither:
# it comes on a volume that is made anew for each pair.

# What an image depends on: the scripts that make it, and the packages' versions as apt knows them.
image_inputs() {
  (cd "$here" && cat facts.sh build-image image-hook unpack-kernel dom0-* libvirtd.conf)
  LC_ALL=C apt-cache madison $ROOT_PACKAGES $DOM0_KERNEL_PACKAGE $GUEST_KERNEL_PACKAGE |
    grep " $SUITE[a-z-]*/main " | cut -d '|' -f 1,2 | sort -u
}

# What a saved state depends on: the image, how the host is started and saved, and QEMU.
state_inputs() {
  echo "$1" "$host_cpus"
  cat "$here/host.sh" "$here/cache.sh"
  qemu-system-x86_64 --version
}

key_of_input() {
  sha256sum | cut -c 1-16
}

# image_make DIR
image_make() {
  echo "xen-pair: building the Xen hosts' image (about a minute; log: $cache/build.log)" >&2
  "$here/build-image" "$1" > "$cache/build.log" 2>&1 && return
  tail -n 5 "$cache/build.log" >&2
  echo "xen-pair: the Xen hosts' image cannot be built: see $cache/build.log" >&2
  ! grep -qE 'cannot be downloaded|Unable to locate|Failed to fetch|apt-get update' \
    "$cache/build.log" ||
    exit 77
  exit 1
}

# state_make DIR: boots both hosts once and saves them
state_make() {
  echo "xen-pair: booting both hosts once, to save their state (about half a minute)" >&2
  pair_create "$image" "$1"
  truncate -s "${GUEST_VOLUME_MIB}M" "$pair/guest.ext4"
  for n in 1 2; do host_start "$pair" $n "$(pair_cpu $n)" 0; done
  for n in 1 2; do wait_until 600 "host $n to boot" host_booted "$pair" $n; done
  for n in 1 2; do host_save "$pair" $n "$1/host$n"; done
  pair_stop "$pair"
}

# cache_get DIR COMMAND: makes DIR, unless it is there, by COMMAND DIR
cache_get() {
  if [ -e "$1/complete" ]; then
    touch "$1"
    return
  fi
  rm -rf "$1" "$1.new"
  mkdir "$1.new"
  "$2" "$1.new"
  touch "$1.new/complete"
  mv "$1.new" "$1"
}

# cache_fill: sets image and state to the directories for today's inputs, and makes what is missing.
# What nobody has used for two weeks is removed.
cache_fill() {
  image=$cache/image-$(image_inputs | key_of_input)
  state=$cache/state-$(state_inputs "$image" | key_of_input)
  mkdir -p "$cache"
  (
    flock 5
    cache_get "$image" image_make
    cache_get "$state" state_make
    find "$cache" -mindepth 1 -maxdepth 1 -type d -mtime +14 -exec rm -rf {} +
  ) 5> "$cache/lock"
}
