# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The link is cut while memory is sent, and comes back when migcost has given up.
begin_fault link-gone "$(timeout_of 20)"
check "link-gone: memory is sent" in_round
cut_link
end_fault "m1: timed-out: not finished after 20.0 s" timed-out
restore_link
check "link-gone: the guest stayed at the source" says_fate "running on host 'source' alone"
sed -i "$(timeout_of 120)" "$result/study.xml"
mended
