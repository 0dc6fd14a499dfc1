# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The disk with the result is full, in the middle of a repetition or while an execution moves its guest.
fault=disk-full
mkdir -p "$work/disk"
if unshare --mount true 2>/dev/null; then
  result=$work/results/disk-full
  check "disk-full: the run says so and keeps what was measured" on_full_disk
  is_study || check "disk-full: the execution says where its guest is" tells_where
  disturbed="m, repetition 2"
  mended
else
  skip "disk-full" "no mount namespace"
fi
