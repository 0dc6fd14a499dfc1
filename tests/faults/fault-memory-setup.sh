# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The destination has no memory for the guest: its QEMU cannot map it.
begin_fault memory-setup
check "memory-setup: the repetition has begun" wait_line "settling"
limit=$(prlimit --pid "$(daemon_of 1)" --as -o SOFT --noheadings)
prlimit --pid "$(daemon_of 1)" --as=700000000
end_fault "m1: failed: " failed
prlimit --pid "$(daemon_of 1)" --as="$(echo $limit)"
check "memory-setup: the guest stayed at the source" says_fate "running on host 'source' alone"
mended
