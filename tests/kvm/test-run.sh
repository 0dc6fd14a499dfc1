#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# The whole job on KVM: the study of the lab's smoke test, unchanged, on the emulated pair that
# `migcost lab up --kvm` brings up: system-mode libvirtd, guests under /dev/kvm, cgroups. Then dirty rates,
# by KVM's dirty ring and by page sampling, of guests that write a known amount.
# shellcheck source-path=SCRIPTDIR source=../pair/lib-pair.sh
kind=kvm
. "$top_srcdir/tests/pair/lib-pair.sh"

lab_up() {
  "$migcost" lab up --kvm >"$work/pair" && pair_is "$work/pair" &&
    directory=$(sed -n 's/^End it with: migcost lab down //p' "$work/pair")
}

# in_host N COMMAND: a short line in a shell of that host
in_host() { "$emulated_pair" exec "$directory" "$@"; }

checked() { "$migcost" check smoke --source "$source" --destination "$destination" "$@"; }

migrate_by_tls() {
  checked --tls >out && grep "small guest migrated by 'pre-copy' by TLS" out || { cat out; return 1; }
}

# Each guest's definition, as the host had it; and what the host says its QEMU uses.
guests_use_kvm() {
  for file in "$result"/domains/*.xml; do
    grep -q "<domain type='kvm'" "$file" || { cat "$file"; return 1; }
  done
  [ "$(find "$result/domains" -name '*.xml' | wc -l)" = 2 ]
}

# what the environment says of the hosts: guests by KVM, in virtual machines
tells_what_it_is() {
  for host in source destination; do
    grep -x "$host,domain type,kvm," "$result/environment.csv" &&
      grep -x "$host,virtual machine,yes," "$result/environment.csv" || return 1
  done
}

# The hosts are virtual machines and tell so by their CPU.
paced_for_nesting() {
  [ -z "$(column migrations heartbeat_period_ns | grep -vxE '50000000|200000000')" ] ||
    { cat "$result/migrations.csv"; false; }
}

# readings: of each run how its guest's dirty rate was measured, what that was, in bytes/s, and its case
readings() {
  awk -F, '
    FNR == 1 { delete at; for (i = 1; i <= NF; i++) at[$i] = i; next }
    FILENAME ~ /runs.csv$/ { label[$at["run"]] = $at["case_label"]; next }
    { print $at["dirty_method"], $at["dirty_bytes_per_s"], label[$at["run"]] }' \
    "$result/runs.csv" "$result/guests.csv"
}

by_their_methods() {
  readings >"$work/readings"
  [ "$(grep -c '^dirty-ring .*dirty-ring=yes' "$work/readings")" = 3 ] &&
    [ "$(grep -c '^page-sampling .*dirty-ring=no' "$work/readings")" = 3 ] ||
    { cat "$work/readings"; return 1; }
}

# counts_what_is_written: by the ring, in a second: each of two rates within a factor of two of what the guest
# counted itself in four, which on a busy machine is less than it was asked for; more of the higher one, least
# of an idle guest
counts_what_is_written() {
  "$migcost" report --format json "$result" >"$work/report.json" && python3 - "$work/report.json" <<'END'
import json, sys
rates = [r for r in json.load(open(sys.argv[1]))["dirty_rates"] if r["method"] == "dirty-ring"]
rates.sort(key=lambda r: r.get("asked_bytes_per_s") or 0)
read = [r["before_bytes_per_s"]["mean"] for r in rates]
own = [r["own_bytes_per_s"]["mean"] for r in rates[1:]]
print("read", read, "own", own)
sys.exit(not (len(read) == 3 and read[0] < read[1] < read[2] and
              all(o / 2 < r < 2 * o for r, o in zip(read[1:], own))))
END
}

no_processes() {
  for process in /proc/[0-9]*; do
    case $(readlink "$process/cwd") in "$directory"*) echo "$process is left"; return 1 ;; esac
  done
  [ ! -e "$directory" ]
}

build_or_skip
check "lab up --kvm" lab_up
[ "$failures" = 0 ] || { echo 'Bail out! no hosts'; exit 99; }
check "lab status lists it" \
  eval '"$migcost" lab status >status.txt && contains status.txt "$directory (emulated KVM hosts)"'
check "the hosts have KVM" in_host 1 'test -c /dev/kvm && grep -q svm /proc/cpuinfo'
check "libvirtd is the system's, and root's" \
  in_host 1 "test \$(stat -c %U /proc/\$(cat /run/libvirtd.pid)) = root"
check "check finds nothing against it" checked
check "... nor against TLS: its hosts have certificates" migrate_by_tls
measure smoke smoke --ready-timeout '10 min' --source "$source" --destination "$destination"
check "the study runs" exits 0
check "the result is complete" is_complete
check "guests ran under KVM" guests_use_kvm
check "the result tells what it is of" tells_what_it_is
check "both migrations are sound" all_are ok migrations status
check "the repetition is sound" all_are ok runs status
check "no heartbeat is lost" all_are 0 guests heartbeats_lost
check "nor at the switch" all_are 0 migrations lost_at_switch
check "none goes back" all_are 0 guests heartbeats_backwards
check "guests have verified their memory" all_are 0 guests checksum_errors
check "heartbeats are as on nested hosts" paced_for_nesting
check "the three downtimes are there" downtimes_are "reported > 0 && events > 0 && silence > 0"
check "the report can be read" is_readable
check "nothing is left on the source" no_guests source
check "nor on the destination" no_guests destination
check "no guest of a host is a zombie" in_host 1 '! grep -q "State:.*Z" /proc/[0-9]*/status'
check "no journal is left" no_journal
set -- ring "$top_srcdir/tests/kvm/studies/dirty-ring.xml" --repeat 1 --source "$source" \
  --destination "$destination"
measure "$@"
check "the study of dirty rates runs" exits 0
check "... all six migrations are sound" eval 'all_are ok migrations status && has_rows 6 migrations'
check "... the method is the ring where the guest has it" by_their_methods
check "... the ring counts what the guest writes" agrees_once counts_what_is_written "$@"
check "... the report has the method" eval 'is_readable >ring && contains ring "dirty-ring "'
check "lab down" "$migcost" lab down "$directory"
check "nothing is left of it" no_processes
check "lab status lists it no longer" \
  eval '"$migcost" lab status >status.txt && not contains status.txt "$directory"'
finish
