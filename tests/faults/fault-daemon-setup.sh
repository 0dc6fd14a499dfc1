# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The destination's daemon is killed while the migration is set up, and nobody starts it again
# before migcost is started again.
begin_fault daemon-setup
check "daemon-setup: the migration begins" in_setup
kill_daemon 1
end_fault "lost the connection to host 'destination'" failed
check "daemon-setup: the guest stayed at the source" \
  grep -q "by host 'source': running" "$result/migrations.csv"
study_check "daemon-setup: its host is reported as unknown" not all_are destination guests host_after
own_check "daemon-setup: what is left is in the journal" not no_journal
check "daemon-setup: the daemon is started again" start_daemon 1
mended
