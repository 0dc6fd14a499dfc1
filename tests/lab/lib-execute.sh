# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# What the scripts that have a plan performed share, besides lib.sh: a lab of $hosts hosts, called
# a, b and c; guests of these $names; what virsh sees of them. Sourced.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$top_srcdir/tests/lab/lib.sh"

hosts=2
names="lab-test web db"
uuids=''
by=uri # by which URIs migcost reaches the hosts; peer: each connection has a process of its own
web=idle # what the guest of that name does
db="memory wss=2000000 rate=100"

# workload_of NAME: whose heart beats
workload_of() {
  case $1 in
    web) echo "$web" ;;
    db) echo "$db" ;;
    *) echo idle ;;
  esac
}

# named NAME: the guest's XML with another name, and so another UUID, and its workload
named() {
  sed "s/lab-test/$1/; s/panic=-1/& -- $(workload_of "$1") period=100ms/" "$work/guest.xml" \
    >"$work/$1.xml"
}

start_guests() {
  guest_xml 1
  for name in $names; do
    named "$name" && virsh_on 1 0 create "$work/$name.xml" || return 1
    uuids="$uuids $(virsh_on 1 0 domuuid "$name")"
  done
  for name in $names; do booted "$name" || return 1; done
}

# booted NAME: a guest that boots updates more memory than a slow link sends, and is not planned
booted() {
  console_open 1 0 "$1" || { echo "the heart of $1 does not beat"; return 1; }
  console_end
}

letter() { # HOST: as the plan calls it
  echo "$1" | tr 0-7 a-h
}

each_host() { seq 0 $((hosts - 1)); }

peers() { # each host's URI for the others' daemons
  for host in $(each_host); do
    printf ' --peer-uri %s=%s' "$(letter "$host")" "$(lab_get 1 "peer$host")"
  done
}

# colleague HOST TO: begins to migrate db from one to the other, slowly, as $colleague
colleague() {
  virsh_on 1 "$1" migrate --live --bandwidth 1 db "$(lab_get 1 "uri$2")" "$(lab_get 1 "migrate$2")" \
    >"$work/colleague" 2>&1 3>&- 4>&- &
  colleague=$!
  until virsh_on 1 "$1" domjobinfo db | grep -q 'Memory processed'; do
    kill -0 "$colleague" || { cat "$work/colleague"; return 1; }
  done
}

# recall HOST: the colleague, who was migrating db from there, gives up
recall() {
  virsh_on 1 "$1" domjobabort db
  not wait "$colleague"
}

# plan_command ARGUMENT...: `migcost plan` for the lab's hosts
plan_command() {
  for host in $(each_host); do
    set -- "$@" --host "$(letter "$host")=$(lab_get 1 "$by$host")" \
      --migrate-uri "$(letter "$host")=$(lab_get 1 "migrate$host")"
  done
  migcost_command plan --execute "$@"
}

plan() { # ARGUMENT...: performs it; in $work/out and $work/err; a run's result is $result
  run plan_command "$@"
}

# plan_and LISTENER ARGUMENT...: with --yes, heard by the listener
plan_and() {
  listener=$1
  shift
  hear "$listener" plan_command --yes "$@"
}

# runs_on HOST NAME...: on that host and on no other
runs_on() {
  host=$1
  shift
  for name in "$@"; do
    on=$(where "$name")
    [ "$on" = "$host" ] && [ "$(virsh_on 1 "$host" domstate "$name" 2>&1)" = running ] || {
      echo "$name is on host '$on', expected to run on $host alone"
      return 1
    }
  done
}

# where NAME: the hosts on which it runs or is paused
where() {
  for at in $(each_host); do
    ! virsh_on 1 "$at" domstate "$1" 2>/dev/null | grep -Eq 'running|paused' || printf '%s ' "$at"
  done | sed 's/ $//'
}

same_guests() { # by their UUIDs, wherever they are
  for name in $names; do
    for at in $(each_host); do virsh_on 1 "$at" domuuid "$name" 2>/dev/null; done
  done >"$work/uuids.now"
  for uuid in $uuids; do
    grep -q "$uuid" "$work/uuids.now" || { echo "$uuid is gone"; cat "$work/uuids.now"; return 1; }
  done
}

is_result() { # what a result directory has, and what is known of each migration
  for file in MANIFEST run.log environment.csv guests.csv samples.csv events.csv rounds.csv \
    predictions.csv; do
    [ -s "$result/$file" ] || { echo "no $file"; ls "$result"; return 1; }
  done
  "$work/bin/migcost" report "$result"
}

