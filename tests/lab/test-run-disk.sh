#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# A guest with a disk that both hosts see, or that is copied: it verifies its blocks, before and after it has moved. A
# block that somebody else overwrites, or puts back to what it was, is damage.
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

# --- a disk on each host

# the one on its new host was written to last
overwrite_copy() {
  image=$(find "$(lab_of "$result")/disks" -name 'd1-*.img' -printf '%T@ %p\n' | sort -rn | sed -n '1s/^[^ ]* //p')
  dd if=/dev/urandom of="$image" bs=4096 seek=77 count=1 conv=notrunc status=none
}

has_two_disks() { [ "$(find "$(lab_of "$result")/disks" -name 'd1-*.img' | wc -l)" = 2 ]; }

disk_is_told() { # all that it has worked on, and no more than there is, in a time of its own
  query migrations '
    { ok = $at["disk_sent_bytes"] >= 2 * 1024 ^ 2 && $at["disk_sent_bytes"] <= $at["disk_total_bytes"] &&
           $at["disk_ns"] > 0 && $at["disk_ns"] < $at["end_ns"] - $at["start_ns"] && $at["sent_bytes"] > 0 }
    END { exit !ok }' || { cat "$result/migrations.csv"; false; }
}

run "$migcost" check run-disk.xml --copy-storage all
check "with --copy-storage the check makes one on each" contains out "guests' disks can be copied to one on host"
measure copied run-disk.xml --copy-storage all
check "a disk is copied: the study runs" exits 0
check "... it migrated" all_are ok migrations status
check "... no block was damaged" no_alarm
check "... what was copied is told, and how long it took" disk_is_told
run "$migcost" report --full "$result"
check "... the report can be read" exits 0
check "... and has it apart from memory" contains out "disks, s"
check "... nothing is left" left_nothing "$(lab_of "$result")"

result=$work/results/overwritten
start run-disk.xml --copy-storage all -o "$result"
wait_line ": after"
check "a block of the copy is overwritten" overwrite_copy
check "... which is another file" has_two_disks
wait_run
check "... that is damage" is_damaged 77 corrupt
check "... the run fails" exits 1
check "nothing is left of that, either" left_nothing "$(lab_of "$result")"
finish
