# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The destination runs out of memory while the guest's arrives: the kernel ends the QEMU there.
memory_group=/sys/fs/cgroup/memory/migcost-test-$$
if mkdir "$memory_group" 2>/dev/null; then
  begin_fault memory-round
  check "memory-round: memory is sent" in_round
  echo "$(qemu_of 1 $domain)" >"$memory_group/cgroup.procs"
  echo 8M >"$memory_group/memory.limit_in_bytes"
  end_fault "m1: failed: " failed
  check "memory-round: the guest stayed at the source" says_fate "running on host 'source' alone"
  mended
  rmdir "$memory_group"
else
  skip "memory-round" "no memory controller of cgroup v1 that may be used"
fi
