# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The destination's daemon is killed when the guest has stopped at the source and its last pages are
# on the way.
begin_fault daemon-switch "$(long_switch)"
link_rate 40mbit
check "daemon-switch: the guest stops at the source" at_switch
kill_daemon 1
check "daemon-switch: the daemon is started again" start_daemon 1
end_fault "lost the connection to host 'destination'" failed
link_rate 1gbit
check "daemon-switch: the guest runs on one host" says_fate "running on host 'source' alone"
check "daemon-switch: it went on there" grep -q "Resumed" "$work/events.0"
check "daemon-switch: and not at the destination" not grep -q "'*$domain.*Resumed" "$work/events.1"
mended
