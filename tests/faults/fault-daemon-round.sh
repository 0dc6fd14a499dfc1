# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The destination's daemon is killed while memory is sent, and started again at once, as most
# systems would.
begin_fault daemon-round
check "daemon-round: memory is sent" in_round
kill_daemon 1
check "daemon-round: the daemon is started again" start_daemon 1
end_fault "lost the connection to host 'destination'" failed
check "daemon-round: the guest stayed at the source" says_fate "running on host 'source' alone"
check "daemon-round: hosts are as before at once" hosts_as_before
study_check "daemon-round: what an earlier start has measured counts too" \
  contains err "1 of 2 repetitions are measured"
mended
