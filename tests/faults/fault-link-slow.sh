# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The link has 1 % of its rate.
begin_fault link-slow "$(timeout_of 20)"
link_rate 10mbit
check "link-slow: memory is sent" in_round
end_fault "m1: timed-out: not finished after 20.0 s" timed-out
link_rate 1gbit
check "link-slow: the guest stayed at the source" says_fate "running on host 'source' alone"
sed -i "$(timeout_of 120)" "$result/study.xml"
mended
