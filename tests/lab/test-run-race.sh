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
run "$migcost" run --resume "$result" --until decided
check "interrupted: its rule cannot be changed" exits 2
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
check "claims: the first screen says what became of them" grep -q "^Claims of the paper: " out

measure bad run-race.xml --until soon
check "a rule that is none" exits 2
check "... and what is one" contains err "expected 'decided', or a share"
finish
