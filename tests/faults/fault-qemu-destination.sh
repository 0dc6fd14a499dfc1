# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The destination's QEMU is killed while memory is sent.
begin_fault qemu-destination
check "qemu-destination: memory is sent" in_round
kill -KILL "$(qemu_of 1 $domain)"
end_fault "m1: failed: " failed
check "qemu-destination: the guest stayed at the source" says_fate "running on host 'source' alone"
mended
