# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# migcost is stopped at random moments: a phase, and a time behind its beginning; each time it goes
# on with what the one before has left.

# SIGNAL PHASE MS, one a line; the same seed gives the same ones
random_moments() { # SEED NUMBER
  awk -v seed="$1" -v n="$2" 'BEGIN {
    srand(seed)
    split("INT TERM KILL KILL", signals, " ")
    split("connecting|starting guests|settling|baseline|migrating|migrating|after|ending", phases, "|")
    while (n--)
      printf "%s|%s|%d\n", signals[1 + int(4 * rand())], phases[1 + int(8 * rand())], 1500 * rand()
  }'
}

stop_at() { # SIGNAL PHASE MS
  watch_events
  start --resume "$result" --emulator "$emulator"
  [ "$2" = connecting ] || wait_line "$2" || return 1
  sleep "$(printf '%d.%03d' $(($3 / 1000)) $(($3 % 1000)))"
  kill -s "$1" "$run_pid" 2>/dev/null
  wait_run
  unwatch_events
  if is_complete; then # it came too late
    rm -rf "$result"
    cp -R "$work/results/base" "$result"
  fi
}

fault=signal-random
seed=${MIGCOST_TEST_SEED:-$(date +%s)}
echo "# signal-random: MIGCOST_TEST_SEED=$seed"
result=$work/results/$fault
cp -R "$work/results/base" "$result"
random_moments "$seed" "${MIGCOST_TEST_MOMENTS:-4}" >"$work/moments"
while IFS='|' read -r signal phase ms <&9; do
  moment="$signal, $ms ms after '$phase'"
  check "$moment: stopped" stop_at "$signal" "$phase" "$ms"
  check "$moment: what was measured can be read" keeps_base
  check "$moment: the guest is on one host at most" on_one_host
  check "$moment: no migration lost it" accounted_for
  note_fate
  check "$moment: what is left is in the journal" left_is_known
  check "$moment: foreign domains are untouched" foreign_untouched
  count_try "$(zero_if foreign_untouched)" "$(zero_if left_is_known)"
done 9<"$work/moments"
disturbed="m, repetition 2"
mended
