#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# The whole job on Xen: the study of the lab's smoke test, unchanged, on the emulated pair that
# `migcost lab up --xen` brings up.
# shellcheck source-path=SCRIPTDIR source=../pair/lib-pair.sh
kind=xen
. "$top_srcdir/tests/pair/lib-pair.sh"

recorded=$(cd "$top_srcdir/tests/data/recorded-smoke" && pwd) || exit 99

lab_up() { "$migcost" lab up --xen >"$work/pair" && pair_is "$work/pair"; }

same_columns() { # as a result of the lab's, which may be older and have fewer
  for file in "$recorded"/*.csv; do
    for name in $(head -n 1 "$file" | tr ',' ' '); do
      head -n 1 "$result/${file##*/}" | tr ',' '\n' | grep -qx "$name" ||
        { echo "${file##*/}: $name"; return 1; }
    done
  done
}

# every column that is empty throughout has a row in limits.csv
missing_has_a_reason() { # TABLE COLUMN...
  table=$1
  shift
  for name in "$@"; do
    [ -z "$(column "$table" "$name" | grep -v '^$')" ] || { echo "$name is not empty"; return 1; }
    grep -q "^source,$table,$name,.*Xen" "$result/limits.csv" ||
      { echo "$name: no reason"; return 1; }
  done
}

# Domain-0's counter grows: what management CPU is on Xen
management_grows() {
  query samples '
    $at["host"] == "source" && $at["management_ns"] != "" {
      if (!n++) first = $at["management_ns"]
      last = $at["management_ns"] }
    END { print n, first, last; exit !(n > 5 && last > first) }'
}

# closer to the guest's start on the destination than to its end on the source, which may lock up the daemon there
hung_up_in_time() {
  query events '
    $at["event"] == "lifecycle" && $at["detail"] == "resumed migrated" { resumed[$at["guest"]] = $at["time_ns"] }
    $at["host"] == "source" && $at["event"] == "console" && $at["detail"] == "ended" {
      ended[$at["guest"]] = $at["time_ns"] }
    $at["host"] == "source" && $at["detail"] == "stopped migrated" { stopped[$at["guest"]] = $at["time_ns"] }
    END {
      for (guest in stopped) {
        n++
        print guest, ended[guest] - resumed[guest], stopped[guest] - ended[guest]
        if (!(guest in ended) || ended[guest] - resumed[guest] > stopped[guest] - ended[guest]) exit 1
      }
      exit n == 0
    }'
}

reports_reasons() {
  "$migcost" report --full "$result" >report.txt &&
    contains report.txt "column sent_bytes: the Xen driver has no job statistics"
}

refused() { # TEXT ATTRIBUTE: what the driver cannot do, with the study's line
  sed "s|<timing |<migration $2/><timing |" "$MIGCOST_DATADIR/studies/smoke.xml" >wish.xml
  line=$(grep -n '<migration ' wish.xml | cut -d: -f1)
  fails_with 1 "wish.xml:$line: $1" "$migcost" run wish.xml --source "$source" \
    --destination "$destination" -o results/wish &&
    no_guests source && no_guests destination
}

watch_start() {
  env --default-signal=INT "$migcost" watch -o watched "$source" "$destination" >watch.out 2>watch.err 3>&- 4>&- &
  watch=$!
  until grep -q 'watching host2' watch.err; do
    kill -0 "$watch" || { cat watch.err; return 1; }
    sleep 0.1
  done
}

watch_end() { kill -INT "$watch" && wait "$watch"; }

# libxl tells of the end of a migration, from each host alone. The run may have tried one more.
watch_has_both() {
  grep -q ', failed: 0;' watch.out || { cat watch.out watch.err; return 1; }
  result=watched/0001
  for guest in migcost-c1 migcost-m1; do
    column migrations guest | grep -qx "$guest" || { cat "$result/migrations.csv"; return 1; }
  done
  all_are ok migrations status && all_are host1 migrations source &&
    all_are host2 migrations destination && [ -z "$(column migrations start_ns | tr -d '\n')" ] &&
    "$migcost" report "$result"
}

# One guest, of uploaded files as doc/hosts-xen.md has it, driven by the source's libvirtd, which
# reaches the destination's by the address between the two hosts.
peer_study() {
  cat >peer.xml <<XML
<study name="peer">
  <hosts>
    <host name="source" cpu="0" uri="$source"/>
    <host name="destination" cpu="0" uri="$destination" peer-uri="xen+tcp://192.168.77.2/system"/>
  </hosts>
  <workload name="c" type="cpu"/>
  <guest name="c1" workload="c" memory="128 MiB"/>
  <cases><sequence>c1</sequence></cases>
  <migration peer-to-peer="yes"/>
  <timing settle="3 s" baseline="2 s" window="5 s" repetitions="1"/>
</study>
XML
}

build_or_skip
check "lab up --xen" lab_up
[ "$failures" = 0 ] || { echo 'Bail out! no hosts'; exit 99; }
check "lab status lists it" \
  eval '"$migcost" lab status >status.txt && contains status.txt "$source"'
check "check finds nothing against it" \
  "$migcost" check smoke --source "$source" --destination "$destination"
check "a watch begins" watch_start
measure smoke smoke --source "$source" --destination "$destination"
check "the study runs" exits 0
check "the result is complete" is_complete
check "both migrations are sound" all_are ok migrations status
check "the watch ends" watch_end
check "it has seen both, from either side, without a beginning" eval '(watch_has_both)'
check "the rule that was in force is Xen's own" all_are xen-4.6 migrations stop_rule
check "no heartbeat is lost" all_are 0 guests heartbeats_lost
check "nor at the switch" all_are 0 migrations lost_at_switch
# the guests' clocks contain the offset between the hosts; arrivals do not
check "each migration has its downtime" downtimes_are 'silence > 0 && $at["resumed_ns"] != ""'
check "Domain-0's CPU time is there" management_grows
check "the console on the source is hung up before the guest ends there" hung_up_in_time
check "the tables have the columns that the lab's have" same_columns
check "what Xen does not tell is empty, with the reason" missing_has_a_reason migrations \
  transfer_ns setup_ns downtime_reported_ns suspended_ns sent_bytes ram_bytes rounds normal_pages
check "the report names the reasons" reports_reasons
check "nothing is left on the source" no_guests source
check "nor on the destination" no_guests destination
check "nor a journal" no_journal
check "a bandwidth is refused" refused "the Xen driver cannot limit" 'bandwidth="10 MB/s"'
check "a downtime limit is refused" \
  refused "the Xen driver has no downtime limit" 'max-downtime="1 s"'
peer_study
measure peer peer.xml --pool /var/tmp
check "peer-to-peer: the study runs" exits 0
check "what the guest boots was uploaded to both hosts" \
  sh -c "[ \$(grep -c 'uploading the .* of the guests' '$work/err') = 4 ]"
check "... and the guest booted it" sh -c "grep -q '<kernel>/var/tmp/' '$result'/domains/*.xml"
check "peer-to-peer: the migration is sound" all_are ok migrations status
check "peer-to-peer: the source's libvirtd drove it" all_are peer-to-peer migrations control
check "peer-to-peer: nothing is left on the source" no_guests source
check "peer-to-peer: nor on the destination" no_guests destination
check "peer-to-peer: nor a journal" no_journal
check "lab down" "$migcost" lab down "$(sed -n 's/^End it with: migcost lab down //p' "$work/pair")" # no other's
check "and it is gone" eval '"$migcost" lab status >status.txt && not contains status.txt "$source"'
finish
