# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# migcost is interrupted at the switch-over.
begin_fault signal-int "$(long_switch)"
link_rate 40mbit
check "signal-int: the guest stops at the source" at_switch
kill -INT "$run_pid"
wait_run
unwatch_events
link_rate 1gbit
check "signal-int: exit status" exits 1
check "signal-int: what was measured can be read" keeps_base
check "signal-int: no guest is lost but by the hypervisor's own word" accounted_for
note_fate
check "signal-int: hosts are as before at once" hosts_as_before
mended
