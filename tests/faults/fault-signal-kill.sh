# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# migcost is killed while memory is sent; the next start takes back what it left.
begin_fault signal-kill
check "signal-kill: memory is sent" in_round
kill -KILL "$run_pid"
wait_run
unwatch_events
check "signal-kill: what was measured can be read" keeps_base
check "signal-kill: the guest is on one host at most" on_one_host
own_check "signal-kill: the journal knows what is left" not no_journal
disturbed="it was killed"
mended
