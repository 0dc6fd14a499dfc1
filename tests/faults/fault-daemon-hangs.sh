# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The source's daemon stands still while memory is sent: its connections stay, and it answers
# nothing, not even new ones, until it goes on.
begin_fault daemon-hangs
check "daemon-hangs: memory is sent" in_round
stop_daemon 0
end_fault "lost the connection to host 'source'" failed
check "daemon-hangs: what its host does not say is unknown" says_fate "did not answer within"
continue_daemon 0
mended
