# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The source's QEMU is killed while memory is sent: that guest is gone, and its host says so.
begin_fault qemu-source
check "qemu-source: memory is sent" in_round
ended_by_fault=yes
kill -KILL "$(qemu_of 0 $domain)"
end_fault "m1: failed: " failed
check "qemu-source: the guest is lost" \
  says_fate "the guest is lost: it is on no host; host 'source' said: stopped"
study_check "qemu-source: no host is said to have it" test -z "$(column guests host_after | tail -n 1)"
mended
