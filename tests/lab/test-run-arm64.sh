#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Guests of another architecture: 64-bit ARM machines, emulated, migrate between the lab's hosts and
# are measured as any others. `make check-arm64` makes what this needs.
export MIGCOST_KERNEL="$top_builddir/tests/lab/arm64/vmlinuz"
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

# libvirt 9.0 passes an option that QEMU 9 and later do not have.
emulator() {
  cat >"$work/bin/qemu-arm" <<'EOF'
#!/bin/bash
args=()
for arg; do [ "$arg" = -no-acpi ] || args+=("$arg"); done
exec qemu-system-aarch64 "${args[@]}"
EOF
  chmod 755 "$work/bin/qemu-arm"
}

of_arm() {
  for guest in c1 m1; do
    contains "$result/domains/$guest-source.xml" "arch='aarch64'" &&
      contains "$result/domains/$guest-source.xml" "<emulator>$work/bin/qemu-arm</emulator>" ||
        return 1
  done
}

# heartbeats_came: of both guests, from both hosts
heartbeats_came() {
  for guest in c1 m1; do
    for host in source destination; do
      column heartbeats host guest $guest | grep -qx $host || { echo "none of $guest on $host"; return 1; }
    done
  done
}

command -v qemu-system-aarch64 >/dev/null ||
  skip_all "QEMU for ARM is not installed (Debian: qemu-system-arm)"
cp "$top_builddir/tests/lab/arm64/guest.cpio.gz" "$work/bin/guest.cpio.gz" ||
  skip_all "run me by make check-arm64"
sed 's|<guest |<guest template="qemu-tcg-aarch64" |' "$work/data/studies/smoke.xml" \
  >"$work/arm64.xml"
emulator
measure arm64 "$work/arm64.xml" --emulator "$work/bin/qemu-arm"
lab=$(lab_of "$result")
sed 's/^/# /' "$work/err" "$work/out"
check "it succeeds" exits 0
check "the result is complete" is_complete
check "the guests are ARM machines" of_arm
check "two migrations" has_rows 2 migrations
check "each is sound: the guests' memory is whole" all_are ok migrations status
check "the repetition is sound" all_are ok runs status
check "both guests' heartbeats came" heartbeats_came
check "none is lost" all_are 0 guests heartbeats_lost
check "none goes back" all_are 0 guests heartbeats_backwards
check "nothing is left" left_nothing "$lab"
finish
