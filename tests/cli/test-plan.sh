#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# migcost plan: fleets, calibration, tasks, and what is wrong with them.
. "$top_srcdir/tests/tap.sh"

data=$top_srcdir/tests/data
recorded=$data/recorded-load-balancing
rule='--stop-rule=xen-4.4'

plans() { # ARGUMENT...: a plan is printed, with all its parts
  run "$migcost" plan "$@"
  [ "$status" = 0 ] && contains "$work/out" "Why" && contains "$work/out" "dirtiest first" &&
    contains "$work/out" "How good" || { cat "$work/out" "$work/err"; false; }
}

says() { # TEXT ARGUMENT...
  want=$1
  shift
  run "$migcost" plan "$@"
  [ "$status" = 0 ] && contains "$work/out" "$want" || { cat "$work/err"; false; }
}

calibrates() {
  says "Calibrated with $recorded: 24 migrations in 12 sound runs of 4 cases" --calibrate "$recorded" &&
    contains "$work/out" "other runs of the same case" && contains "$work/out" "rank"
}

same_twice() {
  "$migcost" plan "$data/fleet.csv" $rule --parallel 2 --json >"$work/first" &&
    "$migcost" plan "$data/fleet.csv" $rule --parallel 2 --json | cmp - "$work/first" &&
    contains "$work/first" '"exact" : true'
}

as_study() { # the study can be loaded; hosts that take no part are not in it
  grep -v ',c,' "$data/fleet.csv" | sed 's/pair//' >"$work/two.csv" && echo ',d,1 GiB,1,,,,,,,,,' >>"$work/two.csv" &&
    "$migcost" plan "$work/two.csv" $rule --to b -o "$work/plan.xml" >"$work/plan.txt" &&
    contains "$work/plan.xml" 'stop-rule="xen-4.4"' &&
    "$migcost" run "$work/plan.xml" --only no-such-case 2>&1 | grep -q 'has no case'
}

wrong_fleet() { # LINE TEXT: a fleet with that row is refused, nothing is printed
  { cat "$data/fleet.csv"; echo "$1"; } >"$work/wrong.csv"
  fails_with 1 "$2" "$migcost" plan "$work/wrong.csv"
}

capped_study() { # the limit stands in the study
  "$migcost" plan "$work/two.csv" $rule --to b --bandwidth '50 MB/s' -o "$work/capped.xml" >"$work/out" &&
    contains "$work/capped.xml" 'bandwidth="50000000 B/s"' &&
    "$migcost" run "$work/capped.xml" --only no-such-case 2>&1 | grep -q 'has no case'
}

check "a fleet file" plans "$data/fleet.csv" $rule
check "all orders were considered" contains "$work/out" "By the model no order is better"
check "a host of the fleet that is full, or has one of the pair, is not taken" \
  sh -c "[ \$(sed -n 's/^ *[0-9]*  m[12] *a *\([bc]\) .*/\1/p' '$work/out' | sort -u | wc -l) = 2 ]"
check "a VM goes where its row says" grep -q '  c2  a     c ' "$work/out"
check "two at a time" plans "$data/fleet.csv" $rule --parallel 2
for objective in downtime worst-downtime lost-work time=1,downtime=20,lost-work=0.5; do
  check "the objective $objective" plans "$data/fleet.csv" $rule --objective "$objective"
done
check "relieving a host" says "Relieve to 2 CPUs a: 2 VMs move" "$data/fleet.csv" $rule --relieve a --below 2
check "the same JSON twice" same_twice
check "the best bandwidth" plans "$data/fleet.csv" $rule --bandwidth best
check "limits of bandwidth were tried" contains "$work/out" "costs least, of 21"
check "the plan is a study" as_study
check "with its limit of bandwidth" capped_study
check "a calibration alone" calibrates
check "a result directory is a fleet and a calibration" plans "$recorded"
check "a calibrated plan has intervals" contains "$work/out" "95 % intervals"
check "a calibration for a fleet" plans "$data/fleet.csv" --calibrate "$recorded" --empty a

check "nothing to plan" fails_with 2 "nothing to plan" "$migcost" plan
check "an unknown host" fails_with 2 "no host 'x'" "$migcost" plan "$data/fleet.csv" --empty x
check "a target that is left" fails_with 2 "cannot be left" "$migcost" plan "$data/fleet.csv" --empty a --to a
check "two tasks" fails_with 2 "two tasks" "$migcost" plan "$data/fleet.csv" --empty a --relieve b --below 1
check "relieving without a share" fails_with 2 "go together" "$migcost" plan "$data/fleet.csv" --relieve a
check "an unknown objective" fails_with 2 "is none" "$migcost" plan "$data/fleet.csv" --objective fame
check "a bad number at a time" fails_with 2 "1 to 64" "$migcost" plan "$data/fleet.csv" --parallel 0
check "a bad rate" fails_with 1 "is not a rate" "$migcost" plan "$data/fleet.csv" --bandwidth much
check "an unknown stop rule" fails_with 1 "no stop rule is called" "$migcost" plan "$data/fleet.csv" --stop-rule never
check "a downtime that cannot be kept" fails_with 1 "no order of the VMs on 'a'" \
  "$migcost" plan "$data/fleet.csv" $rule --max-downtime '1 ms'
check "too little is measured" fails_with 1 "determine no parameters" "$migcost" plan --calibrate "$data/recorded-smoke"
check "no such fleet" fails_with 1 "cannot read" "$migcost" plan "$work/nothing.csv"
check "a host without a row" wrong_fleet "x,nowhere,1 GiB,1,,,,,,,,," "no row describes its host"
check "a VM twice" wrong_fleet "c1,a,1 GiB,1,,,,,,,,," "two rows about it"
check "no memory" wrong_fleet "x,a,,1,,,,,,,,," "column 'memory' is empty"
check "memory that is none" wrong_fleet "x,a,lots,1,,,,,,,,," "column 'memory'"
check "a working set larger than the memory" wrong_fleet "x,a,1 GiB,1,,,2 GiB,,,,,," "memory >= used >= wss"
check "more CPU than vCPUs" wrong_fleet "x,a,1 GiB,1,2,,,,,,,," "more than its 1 vCPUs"
check "a host without CPUs" wrong_fleet ",d,1 GiB,,,,,,,,,," "column 'cpus' is empty"
check "a VM that fits nowhere" wrong_fleet "x,a,100 GiB,1,,,,,,,,," "fits on none"
check "a cell that is no number" wrong_fleet "x,a,1 GiB,one,,,,,,,,," "column 'cpus'"
finish
