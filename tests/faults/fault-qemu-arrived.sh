# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The destination's QEMU is killed as soon as the guest runs there.
begin_fault qemu-arrived
check "qemu-arrived: memory is sent" in_round
arrived=$(qemu_of 1 $domain)
check "qemu-arrived: the guest goes on at the destination" wait_event 1 "Resumed"
ended_by_fault=yes
kill -KILL "$arrived"
end_fault "m1" ""
study_check "qemu-arrived: its host's word is there" \
  grep -q "destination,m1,lifecycle,stopped" "$result/events.csv"
mended
