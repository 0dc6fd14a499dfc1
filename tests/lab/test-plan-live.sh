#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# A plan for guests that run: what is found of them, a fleet file of it, and that they are left
# alone.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

plan() { # ARGUMENT...
  # shellcheck disable=SC2086
  $as "$work/bin/migcost" plan --stop-rule xen-4.4 "$@" >"$work/plan.out" 2>"$work/plan.err" || {
    cat "$work/plan.out" "$work/plan.err"
    false
  }
}

plan_live() { # ARGUMENT...
  plan --host "a=$(lab_get 1 uri0)" --host "b=$(lab_get 1 uri1)" "$@"
}

# cell VM-OR-HOST COLUMN: of the fleet that was saved
cell() {
  query fleet '$at["vm"] == row || ($at["vm"] == "" && $at["host"] == row) { print $at[name] }' row="$1" name="$2"
}

knows_guest() {
  [ "$(cell lab-test host)" = a ] && [ "$(cell lab-test memory)" = "96 MiB" ] &&
    [ "$(cell lab-test cpus)" = 1 ] &&
    awk -v cpu="$(cell lab-test cpu)" 'BEGIN { exit !(cpu >= 0 && cpu <= 1) }' &&
      [ -n "$(cell lab-test used)" ] &&
    [ -n "$(cell lab-test dirty_pages_per_s)" ] ||
      { cat "$work/home/fleet.csv" "$work/plan.out"; false; }
}

knows_hosts() {
  for host in a b; do
    [ -n "$(cell "$host" memory)" ] &&
      awk -v cpus="$(cell "$host" cpus)" 'BEGIN { exit !(cpus > 0) }' || {
      cat "$work/home/fleet.csv"
      return 1
    }
  done
}

# state and the moment of the last change of it: a guest that was stopped in between has another one
guest_state() { virsh_on 1 0 domstats --state --cpu-total lab-test |
  grep state; virsh_on 1 0 domid lab-test; }

left_alone() {
  guest_state >"$work/state.after"
  diff "$work/state.before" "$work/state.after" && guest_runs_on 1 0
}

fails_to() { # TEXT ARGUMENT...
  text=$1
  shift
  not plan "$@" >/dev/null && grep -q "$text" "$work/plan.err" || { cat "$work/plan.err"; false; }
}

as_user || as_self
cp "$top_builddir/migcost" "$work/bin/"
mkdir -p "$work/home"
result=$work/home # where the fleet is saved
check "a lab" lab_up 1
check "a guest" guest_start 1
guest_state >"$work/state.before"
check "a plan for what runs" plan_live --empty a --save-fleet "$work/home/fleet.csv"
check "... it moves the guest" grep -Eq '^ +1 +lab-test +a +b ' "$work/plan.out"
check "... it says what it assumes" grep -q "the rate of the links is unknown" "$work/plan.out"
check "... and has left the guest alone" left_alone
check "the guest is in the fleet file" knows_guest
check "the hosts are" knows_hosts
check "the file can be planned for" plan "$work/home/fleet.csv" --empty a
check "... with the same move" grep -Eq '^ +1 +lab-test +a +b ' "$work/plan.out"
check "hosts without names" \
  plan --host "$(lab_get 1 uri0)" --host "$(lab_get 1 uri1)" --empty host1 --format json
check "... what is assumed is in the JSON" grep -q '"assumed"' "$work/plan.out"
check "a host that has no guest" fails_to "there is no VM\|has no VM" --host "b=$(lab_get 1 uri1)"
check "a host that cannot be reached" fails_to "cannot connect to host 'x'" \
  --host "x=qemu+unix:///session?socket=/nonexistent"
check "the lab ends" lab_end 1
finish
