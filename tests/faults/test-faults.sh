#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# What breaks in a run, on a lab of its own: MIGCOST_TEST_FAULTS names the faults (files
# fault-NAME.sh), "all" is all of them. make check-lab tries a few, make check-faults all. At the
# end a table.
# shellcheck source-path=SCRIPTDIR/../.. source=tests/faults/lib-faults.sh
. "$top_srcdir/tests/faults/lib-faults.sh"

few="daemon-round qemu-source name-clash signal-kill"
faults=${MIGCOST_TEST_FAULTS:-$few}
if [ "$faults" = all ]; then
  faults=$(cd "$top_srcdir/tests/faults" && ls fault-*.sh | sed 's/^fault-//; s/\.sh$//')
fi

am_root || skip_all "needs root, to break things"
check "a lab" lab_begin
[ "$failures" = 0 ] || finish
prepare_study
check "foreign domains" start_foreign
check "a result to begin with" measure_base
[ "$failures" = 0 ] || finish
for name in $faults; do
  # shellcheck source=/dev/null
  . "$top_srcdir/tests/faults/fault-$name.sh"
done
print_table
[ -z "${MIGCOST_TEST_RECORD-}" ] || "$top_srcdir/tests/faults/record-tries" "$tally"
check "no guest is lost, nothing foreign touched, nothing left, all rows kept" \
  awk -F'|' '$2 + $3 + $4 > 0 || $5 != "all" { bad = 1; print } END { exit bad || NR == 0 }' \
    "$tally"
check "foreign domains are untouched" foreign_untouched
check "the lab ends" lab_end
check "and leaves nothing" left_nothing "$lab"
finish
