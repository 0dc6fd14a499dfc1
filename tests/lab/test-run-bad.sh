#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# What goes wrong with hosts, guests and disks is said in one line, exit status 1, and nothing is
# left.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

# with_template NAME SED-SCRIPT: run-one.xml as NAME.xml, its guest from a template changed like
# that
with_template() {
  sed "$2" "$work/data/domains/qemu-tcg.xml" >"$work/$1-domain.xml"
  sed "s#<guest #<guest template=\"$work/$1-domain.xml\" #" run-one.xml >"$work/$1.xml"
}

# says TEXT: the error is one line of migcost's with this text, with exit status 1 and no table
says() {
  exits 1 || return 1
  [ ! -s out ] || { echo "on standard output:"; cat out; return 1; }
  [ "$(grep -c '^migcost: ' err)" = "$(($(grep -c '^migcost: warning: ' err) + 1))" ] ||
    { cat err; return 1; }
  grep '^migcost: ' err | tail -n 1 | grep -F -- "$1" || { cat err; false; }
}

no_migration() { [ "$(wc -l <"$result/migrations.csv")" -le 1 ]; }

# refused NAME TEXT: the run NAME.xml ends with this error
refused() {
  measure "$1" "$1.xml"
  lab=$(lab_of "$result")
  check "$1: the error says why" says "$2"
  check "$1: the result is not complete" not is_complete
  check "$1: and yet can be read" is_readable
  check "$1: nothing is left" left_nothing "$lab"
}

sed '/destination/s/cpu="0"/cpu="99"/' run-one.xml >no-cpu.xml
measure no-cpu no-cpu.xml
check "no-cpu: the error says why, and in which line" says "no-cpu.xml:6: CPU 99 does not exist"
check "no-cpu: no journal is left" no_journal

with_template panics 's#<cmdline>#<cmdline>rdinit=/nonexistent panic=-1 #'
refused panics "guest 'm1' on host 'source'"

with_template silent 's#console=ttyS0#console=ttyS1#'
sed -i 's/ready-timeout="[^"]*"/ready-timeout="12 s"/' silent.xml
refused silent "guest 'm1' on host 'source' was not ready within 12.0 s; it said nothing: check that"
check "silent: no file is named that is not there" not grep -q 'console/' err
check "silent: it is told which guest is waited for" contains err "starting guests, waiting for m1"

# once may be chance; guests that are late twice in a row will be late the next time
sed 's/repetitions="1"/repetitions="3"/' silent.xml >late.xml
measure late late.xml --ready-timeout 2s
check "late: the second repetition is tried, and that it is the last one is said" \
  says "twice in a row guests were not ready, so no more is tried: guest 'm1' on host 'source'"
check "late: with the time that was given" contains err "was not ready within 2.00 s"
check "late: of three repetitions two have a row" has_rows 2 runs
check "late: each says why" all_are failed runs status
measure short late.xml --ready-timeout 1ms
check "short: a time that no guest can keep is refused" exits 2
check "short: and why" \
  contains err "--ready-timeout: 1ms is too short; expected at least 1 s"

with_template small 's#<cmdline>#<cmdline>mem=80M #'
sed -i 's/wss="16 MB"/wss="64 MB"/; s/memory="96 MiB"/memory="160 MiB"/' small.xml
refused small "guest 'm1' on host 'source' says: "

# a migration that takes too long is a row, and the run can be resumed
sed 's#</cases>#&<migration bandwidth="8 MiB/s" timeout="3 s"/>#; s/rate="1000"/rate="0"/' \
  run-one.xml >slow.xml
measure slow slow.xml
lab=$(lab_of "$result")
check "slow: exit status" exits 1
check "slow: the migration is a row that says so" all_are timed-out migrations status
check "slow: with its reason" grep -q "not finished after 3.00 s" "$result/migrations.csv"
reason="m1: timed-out: not finished after 3.00 s; the guest is running on host 'source' alone"
check "slow: which is told once" grep -qx "m, repetition 1: not counted: $reason" err
check "slow: the repetition failed" all_are failed runs status
check "slow: the guest stayed" all_are source guests host_after
check "slow: how to go on is said" contains err "migcost run --resume $result"
check "slow: the result is not complete" not is_complete
check "slow: nothing is left" left_nothing "$lab"
sed -i 's/timeout="3 s"/timeout="1 min"/; s/bandwidth="8 MiB.s"//' "$result/study.xml"
run "$migcost" run --resume "$result"
check "slow, with more time: it is resumed" exits 0
check "slow, with more time: complete" is_complete
check "slow, with more time: the second try is sound" \
  test "$(column runs status | tr '\n' ' ')" = "failed ok "

# a disk that is full in the middle
full_disk() {
  mkdir full
  # shellcheck disable=SC2016 # for the inner shell
  unshare --mount sh -c '
    mount -t tmpfs -o size=700k tmpfs full || exit 99
    "$1" run many.xml --repeat 20 -o full/result >out 2>err
    status=$?
    "$1" report --full full/result >report || echo "not readable" >>report
    cp -R full/result/. "$2"
    exit $status' sh "$migcost" "$result"
}

# more than any disk of that size holds, however few heartbeats a busy machine lets through
some_are_measured() { grep -qE "[1-9][0-9]* of 20 planned runs measured" report || { cat report; false; }; }

result=$work/results/full
if am_root && unshare --mount true 2>/dev/null; then
  mkdir "$result"
  sed 's/<timing /<timing heartbeat="1 ms" /; s/window="1 s"/window="5 s"/' run-one.xml >many.xml
  full_disk 2>unshare.err
  status=$?
  check "full disk: the error says so" says "No space left on device"
  check "full disk: what was measured before can be read" some_are_measured
  check "full disk: nothing is left" left_nothing "$(lab_of "$result")"
else
  skip "a full disk" "needs root and a mount namespace"
fi
finish
