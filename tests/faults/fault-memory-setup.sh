# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The destination has no memory for the guest: its QEMU cannot map it.
begin_fault memory-setup 's/baseline="500 ms" window="1 s"/baseline="5 s" window="7 s"/'
check "memory-setup: the repetition has begun" wait_beginning
daemon=$(daemon_of "$lab" 1)
limit=$(awk '/^Max address space/ { print $4 }' "/proc/$daemon/limits")
# as much as the daemon has already, which is less than a QEMU needs
check "memory-setup: memory is short" \
  limit_memory "$daemon" $(($(awk '{ print $1 }' "/proc/$daemon/statm") * 4096 + 50000000))
end_fault "m1: failed: " failed
check "memory-setup: there is memory again" limit_memory "$daemon" "$limit"
check "memory-setup: the guest stayed at the source" says_fate "running on host 'source' alone"
mended
