#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# A guest with a disk that both hosts see: it verifies its blocks, before and after it has moved. A block that
# somebody else overwrites, or puts back to what it was, is damage.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

# where the drivers of the guest kernel are not to be had, the check says so
needs_disks() {
  "$migcost" check run-disk.xml >out 2>&1 || ! grep -q 'modules of the guest kernel' out ||
    skip_all "the guest kernel has no driver for disks: ./quickstart prepare fetches it"
}

has_disk() { grep -q "<source file='.*/disks/d1-" "$result"/domains/*.xml; }

no_alarm() { [ -z "$(column guests alarm | grep .)" ] || { cat "$result/guests.csv"; false; }; }

image() { set -- "$(lab_of "$result")"/disks/d1-*.img; echo "$1"; }

overwrite() { dd if=/dev/urandom of="$(image)" bs=4096 seek=77 count=1 conv=notrunc status=none; }
keep() { dd if="$(image)" of="$work/kept" bs=4096 skip=99 count=1 status=none; }
put_back() { dd if="$work/kept" of="$(image)" bs=4096 seek=99 count=1 conv=notrunc status=none; }

# spoil CHANGE: a run in the background, during whose migration, or after it, the disk is changed
spoil() {
  result=$work/results/$1
  start run-disk.xml -o "$result"
  wait_line "baseline" && keep && wait_line "migrating" && sleep 3 && "$1"
  spoilt=$?
  wait_run
  return $spoilt
}

is_damaged() { # WHAT
  grep -q "block $1 of the disk is $2: " "$result/guests.csv" && grep -q ',failed,.*d1' "$result/runs.csv" ||
    { cat "$result/guests.csv" "$result/runs.csv"; false; }
}

needs_disks
measure sound run-disk.xml
check "the study runs" exits 0
check "the guest has a disk" has_disk
check "it migrated" all_are ok migrations status
check "no block was damaged" no_alarm
check "it wrote blocks" [ "$(column guests workload)" = io ]
check "it is booted, not restored" all_are booted guests start
check "the report can be read" is_readable
check "nothing is left" left_nothing "$(lab_of "$result")"

check "a block is overwritten" spoil overwrite
check "... that is damage" is_damaged 77 corrupt
check "... the run fails" exits 1
check "a block is put back to what it was" spoil put_back
check "... that is damage, too" is_damaged 99 stale
check "... the run fails" exits 1
check "nothing is left of that" left_nothing "$(lab_of "$result")"
finish
