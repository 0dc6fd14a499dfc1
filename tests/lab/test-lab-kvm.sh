#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# KVM is used when a guest really runs under it, not when /dev/kvm can be opened. Its mount
# namespace (lib.sh) has a /dev/kvm that everybody may open, and QEMUs that behave in every way.
if [ "$(id -u)" != 0 ]; then
  echo "1..0 # SKIP needs root"
  exit 0
fi
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# QEMU for the probe; everything else (libvirt asks for its version) goes to the real one.
fake_qemu() { # what it does, from standard input
  {
    echo '#!/bin/sh'
    echo "case \"\$*\" in *'-accel kvm -m 512'*) ;; *) exec qemu-system-x86_64 \"\$@\" ;; esac"
    echo "echo probed >>'$work/home/probes'"
    cat
  } >"$work/qemu"
  chmod 755 "$work/qemu"
  : >"$work/home/probes"
  chmod 666 "$work/home/probes"
}

verdict() { # 0|1 TEXT-OF-THE-REASON
  lab_up 1 emulator="$work/qemu" loopback || return 1
  lab_end 1
  [ "$(lab_get 1 kvm)" = "$1" ] && contains "$work/1.out" "kvm_why_not=\"$2" &&
    echo "probes: $(wc -l <"$work/home/probes")"
}

probes() {
  [ "$(wc -l <"$work/home/probes")" = "$1" ]
}

# Not below $work, which is removed with all that is in it.
dev=/run/migcost-test-dev

# put_beside ENTRY: the same under $dev
put_beside() {
  if [ -L "$1" ]; then
    cp -P "$1" "$dev/"
  elif [ -d "$1" ]; then
    mkdir "$dev/${1##*/}" && mount --rbind "$1" "$dev/${1##*/}"
  else
    : >"$dev/${1##*/}" && mount --bind "$1" "$dev/${1##*/}"
  fi
}

# A /dev of this test's own with a place for the device: the machine's may lack it, and is not to be
# changed.
own_dev() {
  mkdir "$dev" && mount -t tmpfs -o mode=755 none "$dev" || return
  for entry in /dev/*; do
    [ "$entry" = /dev/kvm ] || put_beside "$entry" || return
  done
  : >"$dev/kvm" && mount --rbind "$dev" /dev
}

# The machine's device, or where there is none one that can be opened and does nothing.
own_device() {
  if [ -c /dev/kvm ]; then cp -a /dev/kvm "$work/kvm"; else mknod "$work/kvm" c 1 3; fi &&
    chmod 600 "$work/kvm" && own_dev && mount --bind "$work/kvm" /dev/kvm
}

[ "${MIGCOST_TEST_PRIVATE-}" = yes ] || skip_all "cannot have mounts of its own"
chmod 755 "$work/home"
check "a device of this test's own" own_device
fake_qemu <<'SH'
printf 'Linux version\r\n@R 1 idle 989680 tick 0000\r\n'
exec sleep 60
SH
check "a device that cannot be opened" verdict 0 "/dev/kvm cannot be opened by"
check "... is not tried" probes 0
chmod 666 "$work/kvm"
check "a guest that speaks" verdict 1 '"'
check "... is tried once" probes 1
check "the verdict is kept" verdict 1 '"'
check "... without another try" probes 1
fake_qemu <<'SH'
echo "qemu-system-x86_64: failed to initialize kvm: Function not implemented" >&2
exit 1
SH
check "another QEMU is tried again; it ends" verdict 0 \
  "QEMU ended before the guest was ready: qemu-system-x86_64: failed to initialize kvm: Function not impl"
check "... and is tried once" probes 1
fake_qemu <<'SH'
echo "Linux version"
exec sleep 60
SH
check "a guest that never comes up" verdict 0 \
  "/dev/kvm opens, but a guest was not ready within 10 s; its last line: Linux version"
check "the verdict is kept" verdict 0 "/dev/kvm opens"
check "... without another try" probes 1

check "the real QEMU: a lab comes up" lab_up 1 loopback
check "the real QEMU: one verdict or the other" grep -qE '^kvm=(0|1)$' "$work/1.out"
check "the lab ends" lab_end 1
finish
