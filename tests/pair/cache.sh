# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# cache.sh: images and saved states, cached by content. Sourced by pair.sh; needs facts.sh, host.sh
# and the variables here (folder of the kind), common (this folder) and cache (directory). The guests'
# initramfs is in neither: it comes on a volume that is made anew for each pair. tests/debian uses
# own_archive, key_of_input and cache_get.

# The archive that this machine has its own release from.
own_archive() {
  # shellcheck source=/dev/null disable=SC2016 # apt-get expands it
  (. /etc/os-release && apt-get indextargets --format '$(REPO_URI)' "Release: $VERSION_CODENAME" |
    sed -n 1p)
}

# What an image depends on: the scripts that make it, and the packages that there are.
image_inputs() { # SUITE
  echo "$1"
  (cd "$common" && cat build-image image.sh unpack-kernel host-initramfs host-wake host-init.sh \
    libvirtd.conf)
  (cd "$here" && cat facts.sh image-hook $IMAGE_FILES)
  package_versions "$1"
}

# What a saved state depends on: the images, how the hosts are started and saved, and QEMU.
state_inputs() { # IMAGE IMAGE
  echo "$@" "$host_cpus"
  cat "$common/host.sh" "$common/cache.sh"
  qemu-system-x86_64 --version
}

key_of_input() {
  sha256sum | cut -c 1-16
}

# image_of N: the directory of a host's image
image_of() {
  pair_item "$images" "$1"
}

# image_make DIR SUITE
image_make() {
  say "building the image of $kind_name hosts ($2; a minute or two; log: $cache/build.log)"
  "$common/build-image" "$here" "$2" "$1" > "$cache/build.log" 2>&1 && return
  tail -n 5 "$cache/build.log" >&2
  say "the image of $kind_name hosts cannot be built: see $cache/build.log"
  ! grep -qE 'cannot be downloaded|Unable to locate|Failed to fetch|apt-get update' \
    "$cache/build.log" ||
    exit 77
  exit 1
}

# state_make DIR: boots both hosts once, on no guests' network, and saves them
state_make() {
  say "booting both hosts once, to save their state (about half a minute)"
  lan=
  pair_create
  truncate -s "${GUEST_VOLUME_MIB}M" "$pair/guest.ext4"
  for n in 1 2; do host_start "$pair" $n "$(pair_cpu $n)" 0; done
  for n in 1 2; do wait_until 600 "host $n to boot" host_booted "$pair" $n; done
  for n in 1 2; do host_save "$pair" $n "$1/host$n"; done
  pair_stop "$pair"
}

# cache_get DIR COMMAND [ARGUMENT]: makes DIR, unless it is there, by COMMAND DIR ARGUMENT
cache_get() {
  if [ -e "$1/complete" ]; then
    touch "$1"
    return
  fi
  rm -rf --one-file-system "$1" "$1.new"
  mkdir "$1.new"
  "$2" "$1.new" ${3+"$3"}
  touch "$1.new/complete"
  mv "$1.new" "$1"
}

# cache_fill: sets images and state to the directories for today's inputs, and makes what is missing.
# What nobody has used for two weeks is removed.
cache_fill() {
  mkdir -p "$cache"
  images=
  for suite in $(echo "$suites" | tr ',' ' '); do
    prepare_archive "$suite"
    images=${images:+$images,}$cache/image-$(image_inputs "$suite" | key_of_input)
  done
  state=$cache/state-$(state_inputs "$(image_of 1)" "$(image_of 2)" | key_of_input)
  (
    flock 5
    for n in 1 2; do cache_get "$(image_of $n)" image_make "$(pair_item "$suites" $n)"; done
    cache_get "$state" state_make
    find "$cache" -mindepth 1 -maxdepth 1 -type d -mtime +14 \
      -exec rm -rf --one-file-system {} +
  ) 5> "$cache/lock"
}
