# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The source's daemon is killed while memory is sent.
begin_fault daemon-source
check "daemon-source: memory is sent" in_round
kill_daemon 0
check "daemon-source: the daemon is started again" start_daemon 0
end_fault "lost the connection to host 'source'" failed
check "daemon-source: the guest is on one host" says_fate "on host 'source' alone"
check "daemon-source: hosts are as before at once" hosts_as_before
mended
