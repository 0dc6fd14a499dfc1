#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# What clients notice: a guest with a network moves; the outage is the downtime by events, and a
# bridge with a spanning tree makes it many seconds, which is said. Where no tap can be had there is
# no network, and the run goes well.
# shellcheck source-path=SCRIPTDIR source=lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"

[ -d "$work/bin/modules" ] || skip_all "no modules of the guest kernel: ./quickstart fetches them"

# probes KIND: its rows
probed() {
  [ "$(column probes sequence probe "$1" | wc -l)" -ge 100 ] || { cat "$work/err"; head "$result/probes.csv"; false; }
}

# others KIND NUMBER: has at least so many rows
others() {
  rows=$(column probes sequence probe "$1" | wc -l)
  echo "$1: $rows rows"
  [ "$rows" -ge "$2" ]
}

# outages: ms that unanswered packets cover, before the guest stopped and since; the downtime by
# events
outages() {
  awk -F, '
    FNR == 1 { delete at; for (i = 1; i <= NF; i++) at[$i] = i; next }
    FILENAME ~ /migrations/ {
      start = $at["start_ns"]; stop = $at["suspended_ns"]; events = $at["resumed_ns"] - stop; next
    }
    $at["probe"] == "udp" && $at["answered_ns"] == "" && $at["due_ns"] + $at["covers_ns"] > start {
      if ($at["due_ns"] + $at["covers_ns"] <= stop) before += $at["covers_ns"]; else since += $at["covers_ns"]
    }
    END { printf "%d %d %d\n", before / 1e6, since / 1e6, events / 1e6 }' "$result/migrations.csv" "$result/probes.csv"
}

# Packets that a starved source had not taken yet are lost with it, before the stop. From the stop
# on it is the downtime, but for a period and what the events are late.
outage_agrees() {
  outages >"$work/outages" && read -r before since events <"$work/outages" || return 1
  echo "unanswered before the stop $before ms, since $since ms; events $events ms"
  [ "$since" -gt 0 ] && [ $((since - events)) -le 30 ] && [ $((events - since)) -le 30 ]
}

# metric NAME: its mean, in ms
metric() {
  # shellcheck disable=SC2086
  $as "$migcost" report --format csv "$result" |
    awk -F, -v name="$1" '$3 == name && $5 > 0 { printf "%d\n", $6 * 1000; found = 1 } END { exit !found }'
}

summed_up() { # what the report says is what the rows say
  outages >"$work/outages" && read -r before since events <"$work/outages" &&
    [ "$(metric outage_s)" = $((before + since)) ] && [ "$(metric tcp_stall_s)" -gt 0 ] &&
    [ "$(metric silence_s)" -ge "$since" ] ||
    { cat "$work/outages"; "$migcost" report --format csv "$result" | grep -E 'outage|silence|stall'; false; }
}

# The destination's port waits from the guest's creation there, twice 5 s; the migration is over long
# before. All announcements are lost in that, so the switch sends to the old host until the guest says
# something by itself, whenever that is.
outlasts() {
  outage=$(metric outage_s) && downtime=$(metric downtime_events_s) &&
    echo "outage $outage ms, downtime by events $downtime ms, stall $(metric tcp_stall_s) ms" &&
    [ "$outage" -gt $((downtime + 3000)) ]
}

# stalls: what the guest had in its queue when it stopped comes after it, so 100 ms less are allowed
stalls() {
  downtime=$(metric downtime_events_s) && to=$(metric stream_to_s) && from=$(metric stream_from_s) &&
    echo "downtime by events $downtime ms, stream to it $to ms, from it $from ms" &&
    [ "$to" -gt $((downtime - 100)) ] && [ "$from" -gt $((downtime - 100)) ] &&
    [ "$(metric stream_from_floor_s)" -ge 0 ]
}

# page_has PATTERN...: the run's page, or the data of its figures
page_has() { grep -q "$1" "$result/report.html" || { head -c 2000 "$result/report.html"; false; }; }

# own_rows: of the migration, in JSON: what the summary says of the run, which has no other
own_rows() {
  "$migcost" report --format json "$result" | tr ',{' '\n\n' >"$work/json"
  for name in outage_s silence_s tcp_stall_s first_arp_s; do
    row=$(awk -F: -v name="\"$name\"" '$1 ~ name && $2 ~ /[0-9]/ { printf "%d", $2 * 1000 }' "$work/json")
    echo "$name $row"
    [ -n "$row" ] && [ "$row" = "$(metric "$name")" ] || return 1
  done
}

# announced PACKET: the first one comes around the switch-over, from the hypervisor before the guest goes on
announced() {
  awk -F, -v packet="$1" '
    FNR == 1 { delete at; for (i = 1; i <= NF; i++) at[$i] = i; next }
    FILENAME ~ /migrations/ { stop = $at["suspended_ns"]; go = $at["resumed_ns"]; next }
    $at["packet"] == packet && !first { first = $at["time_ns"] }
    END { printf "%s: %.1f ms from RESUMED\n", packet, (first - go) / 1e6; exit !(first > stop && first < go + 3e9) }' \
    "$result/migrations.csv" "$result/announcements.csv"
}

neighbour_answers() {
  outage=$(metric outage_s) && own=$(metric outage_vmco_s) &&
    echo "outage $outage ms; of the guest that stays $own ms, silence $(metric silence_vmco_s) ms" &&
    [ $((own * 2)) -lt "$outage" ] && [ "$(column probes sequence guest n1 | wc -l)" -ge 100 ]
}

if am_root && [ -e /dev/net/tun ]; then
  measure network "$work/run-network.xml"
  lab=$(lab_of "$result")
  check "root: it succeeds" exits 0
  check "the guest has a network" grep -q '^lab,network,"*bridges' "$result/environment.csv"
  check "packets are kept" probed udp
  check "requests are kept" probed tcp
  check "so are pings, and new connections" eval 'others icmp 40 && others connect 4'
  check "QEMU announces the guest" announced rarp
  check "so does its own kernel" announced arp
  check "the outage is the downtime by events" \
    agrees_once outage_agrees network "$work/run-network.xml"
  check "the report sums it up" summed_up
  check "the first screen says what clients noticed" contains out "Clients noticed (m): an outage of "
  check "so does the report" eval 'is_readable >full && contains full "What clients noticed"'
  check "and when the guest was announced" contains full "announced after RESUMED"
  check "the migration has its own row of it" own_rows
  check "so has the page" page_has "outage, s"
  if command -v gnuplot >/dev/null; then
    check "a figure has TCP's steps" page_has "next retransmission"
    check "the time line has the clients' silence" page_has "its clients had no answer"
  else
    skip "figures" "gnuplot is not installed"
  fi
  check "without a spanning tree it gives no advice" not grep -q "spanning tree" out
  check "nothing is left" left_nothing "$lab"

  # a stream each way stands still as long as the guest, at least
  sed 's/network="yes"/network="streams"/' "$work/run-network.xml" >"$work/run-streams.xml"
  chmod a+r "$work/run-streams.xml"
  measure streams "$work/run-streams.xml"
  check "with streams it succeeds, too" exits 0
  check "a stream goes to the guest" others stream-to 400
  check "and one comes from it" others stream-from 400
  check "they stall" stalls
  check "the report says for how long" eval 'is_readable >full && contains full "from the guest"'

  # the bridge of the source lets nothing through at first, either, for which the baseline waits; a
  # guest that stays is not concerned
  sed -e 's|<guest |<workload name="n" type="idle"/><guest name="n1" workload="n" memory="128 MiB" network="yes"/>&|' \
    -e 's/<hosts /<hosts spanning-tree="yes" forward-delay="5 s" /' \
    -e 's/settle="2 s" baseline="3 s" window="8 s"/settle="1 s" baseline="3 s" window="6 s"/' \
    "$work/run-network.xml" >"$work/run-tree.xml"
  chmod a+r "$work/run-tree.xml"
  measure tree "$work/run-tree.xml"
  check "with a spanning tree it succeeds, too" exits 0
  check "clients wait for the bridge, unseen by events" outlasts
  check "clients of a guest that stays do not" neighbour_answers
  check "the report says what they noticed" eval 'is_readable >full && contains full "guests that stay"'
  check "the first screen says why, and what helps" contains out "spanning tree, forward delay"
  check "nothing of it is left" left_nothing "$(lab_of "$result")"
else
  skip "root" "not run as root, or this machine has no /dev/net/tun"
fi
if as_user; then
  sed 's/baseline="3 s" window="8 s"/baseline="1 s" window="3 s"/' "$work/run-network.xml" >"$work/run-user.xml"
  chmod a+r "$work/run-user.xml"
  measure user "$work/run-user.xml"
  check "user: it succeeds" exits 0
  if $as test -r /dev/net/tun && $as test -w /dev/net/tun; then
    check "user: packets are kept" probed udp
  else
    check "user: without a tap it says so, and why" \
      contains "$work/err" "no network: what clients notice is not measured (cannot "
    check "user: why is in the result" grep -q "^lab,network,\"*none: cannot .*'/dev/net/tun'" \
      "$result/environment.csv"
    check "user: nothing was probed" has_rows 0 probes
  fi
  check "user: nothing is left" left_nothing "$(lab_of "$result")"
else
  skip "ordinary user" "root cannot become an ordinary user here"
fi
finish
