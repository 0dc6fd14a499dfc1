#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Post-copy that fails: the guest stands still on both hosts, which the run calls by its name; a guest of migcost's
# own is then ended on both.
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
finish
