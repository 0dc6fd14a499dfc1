#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Runs that end when what is asked is decided, or when their time is over: blocks are added one by
# one, and a run that was interrupted goes on with the same rule.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

decisions() { # DECISION: "case other" of each such row
  query decisions '$at["decision"] == wanted { print $at["case_label"], $at["other"] }' wanted="$1"
}

all_measured() { # every repetition of the schedule was sound in the end
  [ "$(column schedule position | wc -l)" = "$(column runs run status ok | wc -l)" ] ||
    { cat "$result/schedule.csv" "$result/runs.csv"; false; }
}

# says_as_decided: m less i, from where to where, in the report as when it was decided
says_as_decided() {
  "$migcost" report --format json "$result" >report.json &&
    is_near "$(told low_s)" "$(decided_at low_ns)" && is_near "$(told high_s)" "$(decided_at high_ns)" ||
    { grep -A 6 '"worst_less_best"' report.json; cat "$result/decisions.csv"; return 1; }
}

told() { # MEMBER
  sed -n '/"worst_less_best"/,/}/ s/.*"'"$1"'" : \([-0-9.e]*\).*/\1/p' report.json
}

is_near() { # SECONDS NANOSECONDS
  awk -v s="$1" -v ns="$2" 'BEGIN { d = s - ns / 1e9; exit !(ns != "" && d < 1e-6 && d > -1e-6) }'
}

decided_at() { # COLUMN
  column decisions "$1" decision less
}

# in the second block, so that the first is sound
result=$work/results/decided
start run-race.xml -o "$result"
check "interrupted: the second block begins" wait_line "repetition 2: migrating"
kill -s INT "$run_pid"
wait_run
check "interrupted: exit status" exits 1
before=$(column runs run | tail -n 1)
check "interrupted: it cannot be made to ask something else" \
  fails_with 2 "start a new one for another question" "$migcost" run --resume "$result" --until 5%
run "$migcost" run --resume "$result"
check "resumed: it succeeds" exits 0
check "resumed: the result is complete" is_complete
check "resumed: it went on" test "$(column runs run | tail -n 1)" -gt "$before"
check "until decided: i is shown to take less than m" test "$(decisions less)" = "i m"
check "until decided: both have dropped out" test "$(decisions out | wc -l)" = 2
check "until decided: the report says its interval" says_as_decided
check "until decided: nothing is open" test -z "$(decisions open)"
check "until decided: three blocks or more" test "$(column runs run | tail -n 1)" -ge 6
check "until decided: every block is planned and measured" all_measured
check "until decided: the rule is noted" test "$(fact migcost until)" = decided
check "until decided: it says so" grep -q "decided: i takes .* less than m" err

measure time run-race.xml --until 0.1% --time '1 s'
check "time: it succeeds" exits 0
check "time: one block, however short the time" test "$(column runs run | tail -n 1)" = 2
check "time: the rule is noted" test "$(fact migcost 'time limit')" = 1000000000
check "time: it says what is open" test "$(decisions open | wc -l)" = 2
check "time: and why it ended" grep -q "the end: " err

# --- the same run, given more time

names_command() { # in a line of the first screen
  grep -q "^migcost run --resume $result --time [0-9]*[a-z]*$" out || { cat out; false; }
}

goes_on_by() { # UNTIL NANOSECONDS
  [ "$(fact migcost until | tail -n 1)" = "$1" ] && [ "$(fact migcost 'time limit' | tail -n 1)" = "$2" ]
}

nowhere='qemu+unix:///session?socket=/nonexistent/socket'
cp -R "$result" before
check "time: the first screen names the command that continues it" names_command
check "complete: not resumed by itself" fails_with 1 " s may continue the run" \
  "$migcost" run --resume "$result"
check "... nor with a time that is over" fails_with 2 "is the time of the whole run, and the repetitions" \
  "$migcost" run --resume "$result" --time '1 s'
check "... nor with one that is too short" fails_with 1 "nothing to continue in '$result': deciding more would take" \
  "$migcost" run --resume "$result" --time "$(query runs '{ used += $at["ended_ns"] - $at["started_ns"] }
    END { printf "%d ms", used / 1e6 + 1000 }')"
check "... nor on hosts that do not answer" fails_with 1 "cannot connect to host 'source'" \
  "$migcost" run --resume "$result" --time '1 h' --source "$nowhere" --destination "$nowhere"
check "... it is as it was" diff -r before "$result"
start_command run --resume "$result" --until 50% --time '1 h'
check "more time: the second block begins" wait_line "repetition 2: migrating"
check "... the result is not complete" not is_complete
check "... the new end is on the disk" goes_on_by 50% 3600000000000
keeper=$(keeper_of "$run_pid")
kill -s KILL "$run_pid"
wait_run
check "killed: the lab's keeper ends" wait_end "$keeper"
check "killed: it is not complete" not is_complete
run "$migcost" run --resume "$result"
check "resumed: it succeeds" exits 0
check "resumed: the result is complete" is_complete
check "resumed: by the end that was given last" goes_on_by 50% 3600000000000
check "resumed: three blocks or more" test "$(column schedule position | wc -l)" -ge 6
check "resumed: every block is planned and measured" all_measured
check "resumed: both cases have dropped out" test "$(decisions out | wc -l)" = 2
check "resumed: it has ended twice" test "$(decisions end | wc -l)" = 2
check "all is decided: nothing to continue" \
  fails_with 1 "nothing to continue in '$result': all that is asked is decided" \
  "$migcost" run --resume "$result" --until 90%
check "... and it is complete" is_complete

asked_of() { # METRIC, empty: total time: "decision claim" of each row about it; texts in quotes have commas
  sed 's/"[^"]*"//g' "$result/decisions.csv" | awk -F, -v wanted="$1" '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["metric"] == wanted { print $at["decision"], $at["claim"] }'
}
time_asked() {
  asked_of "" | grep -qE '^(less|alike|open) '
}

sed 's/<study /<study claims="paper" /' run-race.xml >claims.xml
measure claims claims.xml --time '90 s'
check "claims: it succeeds" exits 0
check "claims: total time is asked, decided in that time or not" time_asked
check "claims: the downtime is asked, too" sh -c "[ -n '$(asked_of downtime_guest_s)' ]"
check "claims: ... as the paper's first conclusion" sh -c \
  "[ '$(asked_of downtime_guest_s | cut -d ' ' -f 2- | sort -u)' = '1 downtime' ]"
check "claims: the first screen says what became of them" grep -q "^The paper's conclusions: " out

measure bad run-race.xml --until soon
check "a rule that is none" exits 2
check "... and what is one" contains err "expected 'decided', or a share"
finish
