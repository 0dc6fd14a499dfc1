#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# What an operator can ask of the migrations of a plan: what happens at a timeout, Ctrl-Z meanwhile,
# post-copy. Where guests are, and that post-copy switched, is asked of virsh.
# shellcheck source-path=SCRIPTDIR source=lib-execute.sh
. "$(dirname "$0")/lib-execute.sh"

names=web
web="memory wss=2000000 rate=100"
# so slowly that a migration takes many times its timeout
slow="6 MiB/s" timeout=1

stood_still() { # NANOSECONDS: at least
  [ $(($(column migrations resumed_ns) - $(column migrations suspended_ns))) -ge "$1" ] ||
    { cat "$result/migrations.csv"; return 1; }
}

interrupt() { # LINE: when the guest stands still, not before
  case $1 in *"stands still until"*) kill -INT $pid ;; esac
}

suspend_self() { # LINE: Ctrl-Z when the guest stands still, at the switch-over of a direct migration
  case $1 in *"stands still until"*) ;; *) return ;; esac
  kill -TSTP $pid
  until grep -q '^State:.*T' "/proc/$pid/status" || ! kill -0 $pid; do sleep 0.02; done
  # it has stopped: where is the guest now?
  runs_on 1 web >"$work/when-stopped" && echo moved >"$work/when-stopped"
  kill -CONT $pid
}

# watch_events: of both hosts, as virsh sees them
watch_events() {
  watchers=
  for host in $(each_host); do
    : >"$work/events.$host"
    # shellcheck disable=SC2086
    $as stdbuf -oL virsh -q -c "$(lab_get 1 "uri$host")" event --all --loop \
      >"$work/events.$host" 2>&1 3>&- 4>&- &
    watchers="$watchers $!"
  done
}

unwatch_events() {
  # shellcheck disable=SC2086
  kill $watchers
  # shellcheck disable=SC2086
  wait $watchers
}

# event HOST TEXT: it has come, or comes
event() {
  timeout 300 tail -n +1 -f "$work/events.$1" | grep -q -m 1 "$2" ||
    { cat "$work/events.$1"; return 1; }
}

as_user || as_self
check "files" ship
check "a lab" lab_up 1
[ "$failures" = 0 ] || finish # without one virsh would talk to this machine's own daemon
check "a guest" start_guests
[ "$failures" = 0 ] || finish

# --- what --yes would do

plan --move web=b --copy-storage inc --tls --unsafe --timeout 90:post-copy
check "a dry run" exits 2
flags="VIR_MIGRATE_LIVE | VIR_MIGRATE_POSTCOPY | VIR_MIGRATE_NON_SHARED_INC | VIR_MIGRATE_TLS"
check "... names libvirt's flags" contains "$work/out" "$flags | VIR_MIGRATE_UNSAFE"
check "... the address" contains "$work/out" "migrate_uri=$(lab_get 1 migrate1)"
check "... what is to happen at a timeout" \
  contains "$work/out" "after 90.0 s the guest goes on at its destination, by post-copy"
check "... and nothing has moved" runs_on 0 web
plan --move web=b --technique xbzrle --bandwidth '12.4 MiB/s' --stop-rule xen-4.4
check "... of a technique its method, and whole MiB/s" \
  contains "$work/out" "compression=xbzrle, bandwidth=12 MiB/s"
check "... a timeout that nobody has set" \
  grep -q 'after 600 s, by the prediction, a migration is aborted' "$work/out"
check "... a stop rule's downtime limit" \
  sh -c "tr -s '\\n ' ' ' <'$work/out' | grep -Eq 'xen-4.4: .* begins with 16(.0)? ms'"

# --- a timeout

result=$work/results/abort
plan --yes --move web=b --bandwidth "$slow" --timeout $timeout --skip-impossible -o "$result"
check "a migration that takes too long is aborted" exits 1
check "... its row" grep -q 'timed-out,"not finished after 1.00 s;' "$result/migrations.csv"
check "... and the guest is where it was" runs_on 0 web

result=$work/results/cancelled
plan_and interrupt --move web=b --bandwidth "$slow" --timeout $timeout:suspend -o "$result"
check "one that stands still and is interrupted" exits 1
check "... was aborted" holds migrations status aborted
check "... and goes on where it was" runs_on 0 web

result=$work/results/suspend
plan_and suspend_self --move web=b --bandwidth "$slow" --timeout $timeout:suspend -o "$result"
check "a plan that is stopped by Ctrl-Z at a switch-over stops behind it" \
  contains "$work/when-stopped" moved
check "... and ends" exits 0
check "one that stands still comes to its end" runs_on 1 web
check "... is sound" holds migrations status ok
check "... what ended its copying" holds migrations stopped_by suspended
check "... it stood still meanwhile" stood_still 1000000000
check "... an event tells" grep -q ',timeout,suspend' "$result/events.csv"

# --- post-copy, from b to a and back

post_copy_runs() {
  watch_events
  result=$work/results/post-copy
  plan --yes --move web=a --bandwidth "$slow" --timeout $timeout:post-copy -o "$result"
  check "or it goes on at the destination" exits 0
  check "... by post-copy" holds migrations stopped_by post-copy
  check "... where it runs" runs_on 0 web
  check "... and ran before its memory was there, by its host's event" \
    event 0 "Resumed Post-copy"
  result=$work/results/technique
  plan --yes --move web=b --technique post-copy --bandwidth "$slow" -o "$result"
  check "post-copy as a technique" exits 0
  check "... switches" holds migrations stopped_by post-copy
  check "... by its host's event, too" event 1 "Resumed Post-copy"
  check "... and has moved" runs_on 1 web
  unwatch_events
}

post_copy_is_refused() {
  result=$work/results/post-copy
  plan --yes --move web=a --bandwidth "$slow" --timeout $timeout:post-copy -o "$result"
  check "where post-copy is not offered" exits 1
  check "... why is said" grep -q 'failed,.*[Pp]ost-\{0,1\}copy' "$result/migrations.csv"
  check "... and the guest is where it was" runs_on 1 web
  skip "post-copy at a timeout and as a technique" "QEMU may not use userfaultfd here"
}

if offers_post_copy; then post_copy_runs; else post_copy_is_refused; fi

check "nothing of them is to be undone" not ls "$work/state/migcost/undo/"journal-*
check "the lab ends" lab_end 1
finish
