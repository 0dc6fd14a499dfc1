# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# Somebody else starts a domain of the guest's name on the destination, shortly before the guest
# wants to go there.
begin_fault name-clash 's/baseline="500 ms" window="1 s"/baseline="10 s" window="12 s"/'
check "name-clash: the repetition has begun" wait_line "baseline"
sed "s#<name>.*</name>#<name>$domain</name>#" "$work/foreign.xml" >"$work/clash.xml"
check "name-clash: the other one starts" virsh_on 1 create "$work/clash.xml"
clash=$(qemu_of 1 $domain)
end_fault "m1: failed: " failed
check "name-clash: the guest stayed at the source" says_fate "running on host 'source' alone"
check "name-clash: the other one is there, the same" test "$(qemu_of 1 $domain)" = "$clash"
# shellcheck disable=SC2086
run $as "$migcost" run --resume "$result" --emulator "$emulator"
check "name-clash: nothing is begun while it is there" says_clash
check "name-clash: it is there still" test "$(qemu_of 1 $domain)" = "$clash"
virsh_on 1 destroy $domain >/dev/null
mended
