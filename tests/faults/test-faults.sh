#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# What breaks in a run, on a lab of its own: MIGCOST_TEST_FAULTS names the faults (files
# fault-NAME.sh), MIGCOST_TEST_WAYS whose guests they are tried with and who drives the migration
# (lib-ways.sh), "all" is all of them. make check-lab tries a few, make check-faults all. At the end
# a table.
# shellcheck source-path=SCRIPTDIR/../.. source=tests/faults/lib-faults.sh
. "$top_srcdir/tests/faults/lib-faults.sh"

# as KIND,CONTROL: lib-ways.sh
ways=${MIGCOST_TEST_WAYS:-own,direct}
if [ "$ways" = all ]; then
  ways="own,direct own,peer-to-peer existing,direct existing,peer-to-peer"
  ways="$ways execution,direct execution,peer-to-peer"
fi
few="daemon-round qemu-source name-clash signal-kill"
faults=${MIGCOST_TEST_FAULTS:-$few}
if [ "$faults" = all ]; then
  faults=$(cd "$top_srcdir/tests/faults" && ls fault-*.sh | sed 's/^fault-//; s/\.sh$//')
fi

try_way() { # KIND,CONTROL FAULT...
  begin_way "${1%,*}" "${1#*,}"
  shift
  echo "# guests: $kind, control: $control"
  prepare_way
  before=$failures
  check "a result to begin with ($kind, $control)" measure_base
  [ "$failures" = "$before" ] || return
  for name; do
    # shellcheck source=/dev/null
    if concerns "$name"; then . "$top_srcdir/tests/faults/fault-$name.sh"; fi
  done
  take_guest_away
}

am_root || skip_all "needs root, to break things"
check "a lab" lab_begin
[ "$failures" = 0 ] || finish
prepare_domains
begin_way own direct && prepare_way
check "foreign domains" start_foreign
for way in $ways; do
  # shellcheck disable=SC2086 # names
  try_way "$way" $faults
done
# a few, and one of them where it matters most
[ -n "${MIGCOST_TEST_FAULTS-}${MIGCOST_TEST_WAYS-}" ] || try_way execution,peer-to-peer signal-kill
begin_way own direct
[ -z "${MIGCOST_TEST_RECORD-}" ] || "$top_srcdir/tests/faults/record-tries" "$tally" "$work/whereabouts"
check "no guest is lost, nothing foreign touched, nothing left, all rows kept" \
  awk -F'|' '$4 + $5 + $6 > 0 || $7 != "all" { bad = 1; print } END { exit bad || NR == 0 }' \
    "$tally"
check "foreign domains are untouched" foreign_untouched
check "the lab ends" lab_end
check "and leaves nothing" left_nothing "$lab"
print_table
finish
