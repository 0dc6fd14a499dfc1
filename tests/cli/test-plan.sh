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
    contains "$work/out" "Optimality" || { cat "$work/out" "$work/err"; false; }
}

says() { # TEXT ARGUMENT...
  want=$1
  shift
  run "$migcost" plan "$@"
  [ "$status" = 0 ] && contains "$work/out" "$want" || { cat "$work/err"; false; }
}

# What is learned of a Xen pair is what it is whatever its hosts are called.
calibrates_renamed() {
  cp -r "$data/recorded-xen-load-balancing" "$work/renamed" && chmod -R u+w "$work/renamed" &&
    sed -i '2,$s/\<source\>/alpha/g; 2,$s/\<destination\>/beta/g' "$work/renamed"/*.csv &&
    "$migcost" plan --calibrate "$data/recorded-xen-load-balancing" --format json \
      >"$work/named.json" &&
    "$migcost" plan --calibrate "$work/renamed" --format json >"$work/renamed.json" || return 1
  grep -v '"directory"' "$work/named.json" >"$work/named" &&
    grep -v '"directory"' "$work/renamed.json" | diff "$work/named" -
}

calibrates() {
  says "Calibrated with $recorded: 24 migrations in 12 sound runs of 4 cases" \
    --calibrate "$recorded" &&
    contains "$work/out" "other runs of the same case" && contains "$work/out" "rank"
}

same_twice() {
  "$migcost" plan "$data/fleet.csv" $rule --empty a --parallel 2 --json >"$work/first" &&
    "$migcost" plan "$data/fleet.csv" $rule --empty a --parallel 2 --json | cmp - "$work/first" &&
    contains "$work/first" '"exact" : true'
}

as_study() { # the study can be loaded; hosts that take no part are not in it
  grep -v ',c,' "$data/fleet.csv" | sed 's/pair//' >"$work/two.csv" &&
    echo ',d,1 GiB,1,,,,,,,,,' >>"$work/two.csv" &&
    "$migcost" plan "$work/two.csv" $rule --empty a --to b -o "$work/plan.xml" >"$work/plan.txt" &&
    contains "$work/plan.xml" 'stop-rule="xen-4.4"' &&
    "$migcost" run "$work/plan.xml" --only no-such-case 2>&1 | grep -q 'has no case'
}

spread_study() { # onto two hosts: each move names its own
  "$migcost" plan "$data/fleet.csv" $rule --empty a --parallel 2 -o "$work/spread.xml" \
    >"$work/out" &&
    contains "$work/spread.xml" '<host name="c"/>' &&
      grep -q '&gt;b.*&gt;c\|&gt;c.*&gt;b' "$work/spread.xml" &&
    "$migcost" run "$work/spread.xml" --only no-such-case 2>&1 | grep -q 'has no case'
}

wrong_fleet() { # LINE TEXT: a fleet with that row is refused, nothing is printed
  { cat "$data/fleet.csv"; echo "$1"; } >"$work/wrong.csv"
  fails_with 1 "$2" "$migcost" plan "$work/wrong.csv" --empty a
}

capped_study() { # the limit stands in the study
  "$migcost" plan "$work/two.csv" $rule --empty a --to b --bandwidth '50 MB/s' \
    -o "$work/capped.xml" >"$work/out" &&
    contains "$work/capped.xml" 'bandwidth="50000000 B/s"' &&
    "$migcost" run "$work/capped.xml" --only no-such-case 2>&1 | grep -q 'has no case'
}

# A working set that is not known is all of the memory, of which a guest's kernel needs 70 MiB.
unknown_study() {
  printf '%s\n' vm,host,memory,cpus,dirty_pages_per_s ',a,64 GiB,8,' ',b,64 GiB,8,' 'web,a,4 GiB,2,500' \
    'db,a,8 GiB,2,500' 'dns,a,1 GiB,1,' >"$work/unknown.csv"
  run "$migcost" plan "$work/unknown.csv" $rule --empty a -o "$work/unknown.xml"
  exits 0 && grep -q '<workload name="web" .* wss="4221566976 B"' "$work/unknown.xml" &&
    contains "$work/err" "the working set of 'web' and 1 more is nearly all of the memory" &&
    "$migcost" run "$work/unknown.xml" --only no-such-case 2>&1 | grep -q 'has no case'
}

# A group of four, two and two of which are the same, as maintenance.xml has it; planned with the
# recorded runs.
group() { # WHICH: the alternatives that the study has
  { printf '%s\n' \
    vm,host,memory,cpus,cpu,used,wss,dirty_pages_per_s,max_downtime,apart,to,link,max_parallel \
      ',source,4 GiB,1,,,,,,,,,1' ',destination,4 GiB,1,,,,,,,,,1'
    for vm in c1 c2; do echo "$vm,source,512 MiB,1,1,,4 MiB,,,,,,"; done
    for vm in m1 m2; do echo "$vm,source,512 MiB,1,1,,400 MiB,20000,,,,,"; done; } \
      >"$work/group.csv"
  run "$migcost" plan "$work/group.csv" --empty source --calibrate "$recorded" \
    -o "$work/group.xml" ${1:+--alternatives "$1"}
  [ "$status" = 0 ] || { cat "$work/err"; false; }
}

has_cases() { # NUMBER WHICH
  group "$2" && [ "$(grep -c '<sequence>' "$work/group.xml")" = "$1" ] ||
    { cat "$work/group.xml"; false; }
}

each_predicted() { # five quantities of each case, four of each migration; no heartbeats, no interval of lost work
  [ "$(grep -c '<prediction ' "$work/group.xml")" = 6 ] &&
    [ "$(grep -c '<case ' "$work/group.xml")" = 30 ] &&
    [ "$(grep -c '<move ' "$work/group.xml")" = 96 ] &&
    [ "$(grep -c '<case .* low=.* high=' "$work/group.xml")" = 24 ] &&
    [ "$(grep -c '<move .* low=.* high=' "$work/group.xml")" = 66 ] # the first start is exact
}

# What the plan says of two migrations, beside results in which they were measured. `migcost run`
# carries the predictions of a study over (tests/unit/test-predictions.c,
# tests/lab/test-run-smoke.sh); here awk does it.
held() {
  cp -R "$recorded" "$work/held" && chmod -R u+w "$work/held" || return 1
  sed -n '/^,/p; 1p; /^c1/p; /^m1/p' "$work/group.csv" >"$work/pair.csv"
  "$migcost" plan "$work/pair.csv" --empty source --calibrate "$recorded" -o "$work/pair.xml" \
    --alternatives all >"$work/out" || return 1
  awk -F'"' '
    BEGIN { print "case_label,order_name,guest,quantity,value_ns,low_ns,high_ns,model" }
    function ns(text) { return sprintf("%.0f", text * 1e9) }
    /<sequence>/ { label = $0 ~ />c1/ ? "cm" : "mc" }
    /<prediction / { order = $2 }
    /<case / { printf "%s,\"%s\",,%s,%s,%s,%s,m\n", label, order, $2, ns($4), ns($6), ns($8) }
    /<move / { printf "%s,\"%s\",%s,%s,%s,%s,%s,m\n", label, order, $2, $4, ns($6), ns($8), ns($10) }' \
    "$work/pair.xml" >"$work/held/predictions.csv"
  run "$migcost" report --full "$work/held"
  [ "$status" = 0 ] && contains "$work/out" "Predicted and measured" &&
    [ "$(grep -c '^  [cm][cm]  .* [+-][0-9.]* %$' "$work/out")" -ge 16 ] ||
      { cat "$work/out" "$work/err"; false; }
}

masked() { # the page, with marks for the picture, as what gnuplot draws differs with its version, and for the path
  sed -e '/^<style>/,/^<.style>/d' -e 's|<svg .*</svg>|<svg/>|' -e "s|with $data/|with |" \
    "$work/plan.html"
}

golden_page() {
  masked >"$work/plan.masked"
  [ -z "${MIG_UPDATE_GOLDEN-}" ] || cp "$work/plan.masked" "$data/plan.html"
  diff -u "$data/plan.html" "$work/plan.masked"
}

page() {
  "$migcost" plan "$fleet" --calibrate "$recorded" --empty a --parallel 2 --format html \
    >"$work/plan.html"
}

well_formed() { # without what makes HTML no XML: unclosed <meta>
  sed -e '1d' -e '/^<meta /d' "$work/plan.html" >"$work/page.xml" &&
    xmllint --noout "$work/page.xml"
}

hostile_page() { # names that would end a string, an element or a command
  hostile='c1</text><script>alert(1)</script>'"'"'; system `touch owned`'
  awk -v name="$hostile" -F, -v OFS=, '$1 == "c1" { $1 = name } { print }' "$data/fleet.csv" \
    >"$work/hostile.csv" &&
    fleet=$work/hostile.csv page && not grep -i '<script' "$work/plan.html" && [ ! -e owned ] &&
    contains "$work/plan.html" 'c1&lt;/text&gt;&lt;script'
}

fleet=$data/fleet.csv

check "a fleet file" plans "$data/fleet.csv" $rule --empty a
check "all orders were considered" contains "$work/out" "The optimum by the model"
check "a host of the fleet that is full, or has one of the pair, is not taken" \
  sh -c "[ \$(sed -n 's/^ *[0-9]*  m[12] *a *\([bc]\) .*/\1/p' '$work/out' | sort -u | wc -l) = 2 ]"
check "a VM goes where its row says" grep -q '  c2  a     c ' "$work/out"
check "two at a time" plans "$data/fleet.csv" $rule --empty a --parallel 2
for objective in downtime worst-downtime lost-work time=1,downtime=20,lost-work=0.5; do
  check "the objective $objective" plans "$data/fleet.csv" $rule --empty a --objective "$objective"
done
check "relieving a host" \
  says "Relieve to 2 CPUs a: 2 VMs move" "$data/fleet.csv" $rule --relieve a --below 2
check "... the share in percent" \
  says "Relieve to 2 CPUs a: 2 VMs move" "$data/fleet.csv" $rule --relieve a --below 200%
check "... and a percentage without its sign is none" \
  fails_with 2 "(a number above 10 needs its %)" "$migcost" plan "$data/fleet.csv" $rule --relieve a --below 80
check "the same JSON twice" same_twice
check "the best bandwidth" plans "$data/fleet.csv" $rule --empty a --bandwidth best
check "limits of bandwidth were tried" contains "$work/out" "of the 21 limits tried"
check "the plan is a study" as_study
check "with its limit of bandwidth" capped_study
check "a plan that empties a host onto several is one too" spread_study
printf '%s\n' vm,host,memory,cpus ,a,8GiB,4 ,b,8GiB,4 ,c,8GiB,4 x,a,1GiB,1 y,b,1GiB,1 >"$work/several.csv"
check "... one that empties several hosts is none" \
  fails_with 2 "-o: a plan by which several hosts are left at once cannot be written" \
  "$migcost" plan "$work/several.csv" $rule --empty a --empty b -o "$work/several.xml"
check "... and writes nothing" not test -e "$work/several.xml"
check "one of VMs whose working sets are not known, too" unknown_study
check "the orders that it is compared with are cases, the same ones once" has_cases 2 ""
check "... or none is" has_cases 1 none
check "... or all of a small group" has_cases 6 all
check "... each with what is predicted of it, in intervals" each_predicted
check "... and with where that comes from" contains "$work/group.xml" \
  "calibrated with $recorded: 24 migrations in 12 sound runs of 4 cases"
check "... the plan and the customary order that is the same are one" \
  grep -q 'order="plan, dirtiest first' "$work/group.xml"
check "... hosts with one CPU are pinned" contains "$work/group.xml" '<host name="source" cpu="0"/>'
check "predictions beside measurements" held
check "... whether the best order was found" grep -q "best predicted order" "$work/out"
check "... and the page has a figure of them" sh -c \
  "! command -v gnuplot >/dev/null || '$migcost' report '$work/held' --format html |
    grep -q 'id=\"predicted-total-time\"'"
check "a calibration alone" calibrates
check "a calibration with hosts of other names" calibrates_renamed
check "a result directory is a fleet and a calibration" plans "$recorded"
check "a calibrated plan has intervals" contains "$work/out" "95 % intervals"
ties=$data/recorded-lab-load-balancing
check "of orders that take the same time, the one with the least lost work" \
  says "18.06 (16.94 to 19.25)  2.27 (1.38 to 3.75)  1.07 (0.647 to 1.76)       -49.53 ± 19.04" "$ties"
says_difference() { # FILE
  tr -s ' \n' '  ' <"$1" | grep -q "the common orders take the same time as this one. They differ in lost work: \
-49.53 s here, -46.15 s by name, -30.09 s dirtiest first; worst downtime: 1.07 s here,"
}
check "... what they differ in is said" says_difference "$work/out"
check "... on the page, too" sh -c \
  "'$migcost' plan '$ties' --format html | grep -q 'take the same time as this one. They differ in lost work: -49.53 s'"
check "a calibration for a fleet" plans "$data/fleet.csv" --calibrate "$recorded" --empty a

# The guests of a result at a scale are no longer of full size.
scaled() { # RESULT MEMORY: text, JSON, page and study say so; the study's guests are those measured
  says "Empty source: 4 VMs at scale 1/4 move to destination" "$1" -o "$work/scaled.xml" &&
    contains "$work/out" "The VMs are at scale 1/4, as they were measured" &&
    says '"scale" : 0.25' "$1" --json && says "4 VMs at scale 1/4 move to" "$1" --format html &&
    contains "$work/scaled.xml" 'title="A plan at scale 1/4, and what people do instead"' &&
    contains "$work/scaled.xml" "The guests are those of a result at scale 1/4, as small as" &&
    not grep ' scale=' "$work/scaled.xml" &&
    [ "$(grep -c "<guest .* memory=\"$2 B\"" "$work/scaled.xml")" = 4 ] &&
    "$migcost" run "$work/scaled.xml" --only no-such-case 2>&1 | grep -q 'has no case'
}
full_size() {
  says '"scale" : 1' "$recorded" --json -o "$work/full.xml" &&
    says "4 VMs move to" "$recorded" && not grep -i scale "$work/out" "$work/full.xml"
}
check "a result at a quarter: the scale is said" scaled "$data/recorded-lab-load-balancing" 189792256
check "... of Xen, too" scaled "$data/recorded-xen-quarter" 189792256
check "... of rolling maintenance, too" \
  says "at scale 1/4 move" "$data/recorded-xen-quarter" --rolling source --stay
check "... a fleet of another size that is planned with it has none" \
  not sh -c "'$migcost' plan '$data/fleet.csv' --calibrate '$data/recorded-xen-quarter' --empty a | grep 'at scale'"
check "one at full size has none" full_size

check "a page" page
if command -v gnuplot >/dev/null; then
  check "... it is what it was" golden_page
  check "... its picture has a row for each VM" \
    sh -c "[ \$(grep -oE '>(c1|c2|m1|m2): a → [bc]<' '$work/plan.html' | wc -l) = 4 ]"
  check "... no other file, host or script is needed" \
    not grep -oE '<(script|link|img|iframe)[ >]|(src|href)="[^#"][^"]*"|url\(|@import' \
      "$work/plan.html"
  check "... names in it are text" hostile_page
else
  skip "the picture" "no gnuplot"
fi
if command -v xmllint >/dev/null; then
  check "... it is well-formed" well_formed
else
  skip "... it is well-formed" "no xmllint"
fi
check "an unknown format" \
  fails_with 2 "unknown format 'pdf'" "$migcost" plan "$data/fleet.csv" --format pdf

# Hosts that libvirt itself makes up: their guests are read, and cannot be measured further.
directory=$(cd "$data" && pwd)
live() { # ARGUMENT...
  says "$1" --host "a=test://$directory/plan-node-a.xml" \
    --host "b=test://$directory/plan-node-b.xml" --empty a $rule \
    --save-fleet "$work/saved.csv"
}
check "running guests" live "2 VMs move to b"
check "... what cannot be measured is said" \
  contains "$work/out" "cannot measure the dirty rate of guest 'web'"
check "... and so is what is assumed of the link" \
  contains "$work/out" "the rate of the links is unknown"
check "... they are saved as a fleet" grep -qx 'db,a,768 MiB,2,.*' "$work/saved.csv"
check "... which can be planned for" plans "$work/saved.csv" $rule --empty a
run "$migcost" plan "$recorded" --copy-storage all $rule
check "a result whose migrations copied no disks: that is said" \
  contains "$work/err" "no migration of the result copied disks"
# What copying disks takes of CPUs is learnt from three migrations that did.
cat >"$work/disks.csv" <<EOF
vm,host,memory,cpus,link,local_disk
,a,64 GiB,16,1 Gbit/s,
,b,64 GiB,16,1 Gbit/s,
web,a,4 GiB,2,,12.5 GB
db,a,8 GiB,4,,
EOF
one_disk() { # a result whose first migration alone copied one
  cp -r "$recorded" "$work/one-disk" && chmod -R u+w "$work/one-disk" &&
    awk 'NR == 1 { print $0 ",disk_total_bytes,disk_sent_bytes,disk_ns" }
         NR > 1 { print $0 (NR == 2 ? ",67108864,67108864,600000000" : ",,,") }' \
      "$recorded/migrations.csv" >"$work/one-disk/migrations.csv"
}
assumed="too few of the migrations that the model learns from copied disks"
check "a result one of whose migrations copied a disk" one_disk
check "... what that takes of CPUs is assumed" says "$assumed" "$work/one-disk" --copy-storage all $rule
check "... which JSON says, too" says "\"$assumed" "$work/one-disk" --copy-storage all $rule --json
check "... and a plan for a fleet" says "$assumed" "$work/disks.csv" --calibrate "$recorded" \
  --copy-storage all $rule --empty a
check "where no disk is copied there is a plan" plans "$work/one-disk" $rule
check "... which says nothing of that" not contains "$work/out" "$assumed"
# How large disks are is asked where they are to be copied alone.
sed "s|</os>|&<devices><disk type='file'><source file='/disk'/><target dev='vda'/></disk></devices>|" \
  "$directory/plan-node-a.xml" >"$work/node-disks.xml"
asks_disks() { # HOW-OFTEN ARGUMENT...
  often=$1
  shift
  rm -f "$work/libvirt.log"
  LIBVIRT_DEBUG=1 LIBVIRT_LOG_OUTPUTS="1:file:$work/libvirt.log" "$migcost" plan \
    --host "a=test://$work/node-disks.xml" --host "b=test://$directory/plan-node-b.xml" --empty a $rule "$@" &&
    [ "$(grep -c 'virDomainGetBlockInfo:' "$work/libvirt.log")" = "$often" ]
}
check "disks that are not copied are not asked for" asks_disks 0
check "... those that are, once each" asks_disks 2 --copy-storage all
reads_once() {
  sed -n 's/.*virDomainGetXMLDesc:.* name=\([^,]*\),.*/\1/p' "$work/libvirt.log" | sort >"$work/read"
  printf '%s\n' db web | cmp - "$work/read"
}
check "... the XML of each guest is read once" reads_once
run "$migcost" plan --host "a=test://$directory/plan-node-a.xml" \
  --host "b=test://$directory/plan-node-b.xml" --empty a $rule --copy-storage all
check "guests without disks: that is said, and nothing of a fleet file" sh -c \
  "grep 'no guest has a disk to copy' '$work/err' && ! grep local_disk '$work/err'"
sed 's/1111-4111-8111/3333-4333-8333/; s/2222-4222-8222/4444-4444-8444/; s/>db</>other</' \
  "$directory/plan-node-a.xml" >"$work/taken.xml"
taken() { # ARGUMENT...
  "$migcost" plan --host "a=test://$directory/plan-node-a.xml" --host "b=test://$work/taken.xml" \
    --empty a $rule "$@"
}
run taken
check "a guest whose name is taken there" test "$status" = 1
check "... the error says so" \
  contains "$work/err" "'web' cannot be moved: host 'b': another domain has the name 'web'"
check "... the table of guests says what to do" \
  grep -Eq '^ *web +a +cannot move +to b: another domain has the name .web. +rename or undefine' \
  "$work/out"
run taken --json
check "... as JSON too" contains "$work/out" '"verdict" : "cannot-move"'
run taken --skip-impossible
check "... the other one can move without it" contains "$work/out" "1 VM moves to b"
check "... the reason is said" contains "$work/out" "web, on a: host 'b': another domain has the name 'web'"
sed 's/>4</>64</g' "$work/taken.xml" >"$work/taken-large.xml"
sed 's/>4</>1</g' "$directory/plan-node-b.xml" >"$work/small.xml"
one_takes() { # ARGUMENT...: host b would refuse a guest, c has fewer CPUs
  run "$migcost" plan --host "a=test://$directory/plan-node-a.xml" \
    --host "b=test://$work/taken-large.xml" --host "c=test://$work/small.xml" $rule "$@"
}
one_takes --empty a
check "a guest whose name is taken on one of two hosts goes to the other" \
  grep -Eq '^ +[0-9]+  web +a +c ' "$work/out"
check "... another goes to the larger one" grep -Eq '^ +[0-9]+  db +a +b ' "$work/out"
one_takes --move web=b
check "... it cannot go where its name is taken" contains "$work/err" \
  "'web' cannot be moved: host 'b': another domain has the name 'web'"
one_takes --empty a --to b
check "... nor where no other host is allowed" contains "$work/err" \
  "'web' cannot be moved: its only possible host does not take it; host 'b': another domain has the name"
# A question: where VMs are to be, or what is asked for.
cat >"$work/exchange.csv" <<'END'
vm,host,memory,cpus,link,group,to
,,,,500 Mbit/s,rack,
,a,6 GiB,8,1 Gbit/s,rack,
,b,4 GiB,8,1 Gbit/s,,
x,a,3 GiB,1,,,b
y,b,3 GiB,1,,,a
END
check "an exchange" says "Target state; leaving a, b: 2 VMs move to b, a" "$work/exchange.csv"
check "... whose second waits for memory" grep -Eq '^ +[0-9]+  x +a +b +[1-9]' "$work/out"
check "no question" fails_with 2 "no question: give --empty HOST" "$migcost" plan "$work/saved.csv"
sed 's/,6 GiB/,3 GiB/' "$work/exchange.csv" >"$work/circle.csv"
check "a circle without room" \
  fails_with 1 "wait for each other's memory and no other host has room" \
  "$migcost" plan "$work/circle.csv"
{ cat "$work/circle.csv"; echo ',c,3 GiB,8,,,'; } >"$work/third.csv"
check "... over a third host" says "1 of them over a third host" "$work/third.csv"

check "a host without guests" fails_with 1 "the fleet has no VMs" \
  "$migcost" plan --host "test://$directory/plan-node-b.xml"

check "nothing to plan" fails_with 2 "nothing to plan" "$migcost" plan
check "a fleet and hosts" \
  fails_with 2 "cannot be combined" "$migcost" plan "$data/fleet.csv" --host a=test:///default
check "alternatives of no study" \
  fails_with 2 "needs -o" "$migcost" plan "$data/fleet.csv" --alternatives all
check "unknown alternatives" fails_with 2 "expected customary, none or all" \
  "$migcost" plan "$work/two.csv" $rule --empty a --to b -o "$work/x.xml" --alternatives some
check "a fleet to save without hosts" \
  fails_with 2 "needs --host" "$migcost" plan "$data/fleet.csv" --save-fleet "$work/f"
check "two hosts of one name" fails_with 2 "two hosts are named 'a'" "$migcost" plan \
  --host a=test:///default --host a=test:///default
check "a host that is none" \
  fails_with 1 "cannot connect to host 'host1' (nosuch:///)" "$migcost" plan --host nosuch:///
check "a file cannot be performed" \
  fails_with 2 "--execute needs --host" "$migcost" plan "$data/fleet.csv" --execute
check "nothing is allowed that is not asked for" fails_with 2 "--yes needs --execute" \
  "$migcost" plan --host test:///default --yes
check "a plan without moves is performed without --yes" sh -c \
  "'$migcost' plan --host a=test:///default --execute --move test=a 2>'$work/err' && ! grep 'add --yes' '$work/err'"
check "performing is told as text" fails_with 2 "--execute prints text" \
  "$migcost" plan --host test:///default --execute --json
check "a link without hosts" \
  fails_with 2 "need --host" "$migcost" plan "$data/fleet.csv" --link '1 Gbit/s'
check "a link that is no rate" \
  fails_with 2 "--link: 'fast' is not a rate" "$migcost" plan --host test:///default --link fast
check "an unknown host" fails_with 2 "no host 'x'" "$migcost" plan "$data/fleet.csv" --empty x
check "a target that is left" \
  fails_with 2 "both source and destination" "$migcost" plan "$data/fleet.csv" --empty a --to a
check "two tasks" fails_with 2 "cannot be combined" "$migcost" plan "$data/fleet.csv" --empty a \
  --relieve b --below 1
check "relieving without a share" \
  fails_with 2 "need each other" "$migcost" plan "$data/fleet.csv" --relieve a
check "an unknown objective" \
  fails_with 2 "unknown objective" "$migcost" plan "$data/fleet.csv" --empty a --objective fame
check "a bad number at a time" \
  fails_with 2 "1 to 64" "$migcost" plan "$data/fleet.csv" --empty a --parallel 0
check "a bad rate" fails_with 2 "--bandwidth: 'much' is not a rate" \
  "$migcost" plan "$data/fleet.csv" --bandwidth much
check "an unknown stop rule" fails_with 2 "--stop-rule: unknown stop rule 'never'" \
  "$migcost" plan "$data/fleet.csv" --stop-rule never
check "a downtime that is none" fails_with 2 "--max-downtime: 'short' is not a duration" \
  "$migcost" plan "$data/fleet.csv" $rule --empty a --max-downtime short
check "a downtime that cannot be kept" fails_with 1 "cannot be moved: its downtime is" \
  "$migcost" plan "$data/fleet.csv" $rule --empty a --max-downtime '1 ms'
check "two calibrations" \
  says "Calibrated with $recorded, $recorded: 48 migrations in 24 sound runs of 4 cases" \
  --calibrate "$recorded" --calibrate "$recorded"
sending=$data/recorded-lab-sending-cost
check "a calibration of one technique of several" \
  says "Calibrated with $sending: 20 migrations (pre-copy) in 10 sound runs of 2 cases" --calibrate "$sending"
check "two with different stop rules" fails_with 1 "cannot learn from both" \
  "$migcost" plan --calibrate "$recorded" --calibrate "$data/recorded-xen-load-balancing"
check "too little is measured" \
  fails_with 1 "determine no parameters" "$migcost" plan --calibrate "$data/recorded-smoke"
check "no such fleet" fails_with 1 "cannot read" "$migcost" plan "$work/nothing.csv"
check "a host without a row" wrong_fleet "x,nowhere,1 GiB,1,,,,,,,,," "no row describes its host"
check "a VM twice" wrong_fleet "c1,a,1 GiB,1,,,,,,,,," "duplicate row"
check "no memory" wrong_fleet "x,a,,1,,,,,,,,," "column 'memory' is empty"
check "memory that is none" wrong_fleet "x,a,lots,1,,,,,,,,," "column 'memory'"
check "a working set larger than the memory" \
  wrong_fleet "x,a,1 GiB,1,,,2 GiB,,,,,," "memory >= used >= wss"
check "more CPU than vCPUs" wrong_fleet "x,a,1 GiB,1,2,,,,,,,," "more than its 1 vCPUs"
check "a host without CPUs" wrong_fleet ",d,1 GiB,,,,,,,,,," "column 'cpus' is empty"
check "a VM that fits nowhere" wrong_fleet "x,a,100 GiB,1,,,,,,,,," "fits on none"
check "a cell that is no number" wrong_fleet "x,a,1 GiB,one,,,,,,,,," "column 'cpus'"
finish
