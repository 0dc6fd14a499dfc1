# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The link is cut while memory is sent, and comes back after two seconds: the migration waits and
# goes on.
begin_fault link-cut
check "link-cut: memory is sent" in_round
cut_link
sleep 2
restore_link
wait_run
unwatch_events
check "link-cut: the run completes" completes
check "link-cut: the migration is sound" all_are_sound
count_unbroken
