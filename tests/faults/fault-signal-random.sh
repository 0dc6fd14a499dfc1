# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# migcost is stopped at random moments: a phase, and a time behind its beginning; each time it goes
# on with what the one before has left.

# SIGNAL LINE MS, one a line; the same seed gives the same ones
random_moments() { # SEED NUMBER LINES,MS SIGNALS
  awk -v seed="$1" -v n="$2" -v lines="${3%,*}" -v ms="${3##*,}" -v signals="$4" 'BEGIN {
    srand(seed)
    kinds = split(signals, signal, " ")
    of = split(lines, line, "|")
    while (n--)
      printf "%s|%s|%d\n", signal[1 + int(kinds * rand())], line[1 + int(of * rand())], ms * rand()
  }'
}

stop_at() { # SIGNAL LINE MS
  watch_events
  resume_work
  [ "$2" = connecting ] || wait_line "$2" || return 1
  sleep "$(printf '%d.%03d' $(($3 / 1000)) $(($3 % 1000)))"
  kill -s "$1" "$run_pid" 2>/dev/null
  wait_run
  unwatch_events
}

# note_whereabouts RIGHT-AFTER: of somebody's guest, and where it is once the migration is over, for
# record-tries
note_whereabouts() {
  if is_complete; then moved="too late"; else moved="in time"; fi
  echo "# $moment ($moved): $kind, $control:$1; at rest:$(whereabouts)"
  echo "$kind|$control|$signal|$at|$ms|$moved|${1# }|$(whereabouts | sed 's/^ //')" >>"$work/whereabouts"
}

begin_again() {
  rm -rf "$result"
  cp -R "$base" "$result"
  put_guest
}

# go_on: where the moment came too late, or the guest went on without migcost, which ends the plan
go_on() {
  if ! is_study && ! is_complete && [ -z "$(virsh_on 0 domstate "$domain" 2>/dev/null)" ]; then
    run_migcost plan --execute --yes --resume "$result"
    check "$moment: the plan is at its end where its guest went on" completes
  fi
  if is_complete; then begin_again; fi
}

fault=signal-random
seed=${MIGCOST_TEST_SEED:-$(date +%s)}
echo "# signal-random: MIGCOST_TEST_SEED=$seed"
result=$work/results/$fault
begin_again
random_moments "$seed" "${MIGCOST_TEST_MOMENTS:-4}" "$(moments_of)" \
  "${MIGCOST_TEST_SIGNALS:-INT TERM KILL KILL}" >"$work/moments"
while IFS='|' read -r signal at ms <&9; do
  moment="$signal, $ms ms after '$at'"
  check "$moment: stopped" stop_at "$signal" "$at" "$ms"
  right_after=$(whereabouts)
  check "$moment: what was measured can be read" keeps_base
  check "$moment: the guest is on one host at most" on_one_host
  check "$moment: no migration lost it" accounted_for
  note_fate
  check "$moment: what is left is known" left_is_known
  check "$moment: foreign domains are untouched" foreign_untouched
  is_own || note_whereabouts "$right_after"
  count_try "$(zero_if foreign_untouched)" "$(zero_if left_is_known)"
  go_on
done 9<"$work/moments"
disturbed="$case, repetition 2"
mended
