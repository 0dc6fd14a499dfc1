# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The destination has no memory for the guest: its QEMU cannot map it.
begin_fault memory-setup
check "memory-setup: the repetition has begun" wait_line "settling"
daemon=$(daemon_of 1)
limit=$(prlimit --pid "$daemon" --as -o SOFT --noheadings | tr -d ' ')
# as much as the daemon has already, which is less than a QEMU needs
prlimit --pid "$daemon" --as=$(($(awk '{ print $1 }' "/proc/$daemon/statm") * 4096 + 50000000)):
end_fault "m1: failed: " failed
prlimit --pid "$daemon" --as="$limit:"
check "memory-setup: the guest stayed at the source" says_fate "running on host 'source' alone"
mended
