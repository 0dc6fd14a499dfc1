#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Post-copy that fails: the guest stands still on both hosts, which the run calls by its name; a guest of migcost's
# own is then ended on both. Post-copy that comes too late is pre-copy, and said to be.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

monitor() { # COMMAND: to the guest's QEMU at the source
  virsh -c "$(sed -n 's/^source,uri,//p' "$result/environment.csv" | tr -d '",')" \
    qemu-monitor-command migcost-m1 "{\"execute\":\"$1\"}"
}

# in_post_copy: pages are fetched
in_post_copy() {
  for _ in $(seq 600); do
    if monitor query-migrate 2>/dev/null | grep -q postcopy-active; then return; fi
    [ -e "/proc/$run_pid" ] || break
    sleep 0.1
  done
  echo "no post-copy"
  false
}

is_told() { grep -q 'post-copy failed: the guest stands still on both hosts' "$result/migrations.csv" ||
  { cat "$result/migrations.csv" "$result/events.csv"; false; }; }

has_event() { grep -q ',source,m1,lifecycle,suspended post-copy failed' "$result/events.csv" ||
  { cat "$result/events.csv"; false; }; }

result=$work/results/failed
start run-post-copy.xml -o "$result"
wait_line "migrating" || {
  wait_run
  ! grep -q 'is not offered' err || skip_all "no post-copy for ordinary users here"
}
check "the guest is in post-copy" in_post_copy
check "its migration breaks" monitor migrate-pause
wait_run
check "the run fails" exits 1
check "libvirt says what happened" has_event
check "so does the result" is_told
check "nothing is left" left_nothing "$(lab_of "$result")"

waited() { [ "$(column migrations post_copy_requests)" -gt 0 ] || { cat "$result/migrations.csv"; false; }; }

measure moved run-post-copy.xml
check "another one goes well" exits 0
check "... pre-copy ended by it" all_are post-copy migrations stopped_by
check "... its guest waited for pages" waited
run "$migcost" report --full "$result"
check "... the report can be read" exits 0
check "... and says so" contains out "Post-copy: 1 of 1 migrations switched to it, and their guests waited for"

measure late run-post-copy-late.xml
check "of a guest without work the migration is sound" exits 0
check "... post-copy did not end its pre-copy" all_are hypervisor migrations stopped_by
check "... it waited for nothing" all_are 0 migrations post_copy_requests
run "$migcost" report --full "$result"
check "... the report can be read" exits 0
check "... and says so" contains out "Post-copy: 0 of 1 migrations switched to it"
check "... the run is not counted" contains out "the switch to post-copy: it was pre-copy"
finish
