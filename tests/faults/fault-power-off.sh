# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The guest powers off while its memory is sent.
begin_fault power-off 's/rate="200"/& off-after="12 s"/; s/8 MiB/1 MiB/'
check "power-off: the migration begins" in_round
ended_by_fault=yes
end_fault "m1: failed: " failed
check "power-off: the guest is lost" \
  says_fate "the guest is lost: it is on no host; host 'source' said: stopped shut down"
sed -i 's/off-after="12 s"//; s/1 MiB/8 MiB/' "$result/study.xml"
mended
