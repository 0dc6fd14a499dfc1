#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# migcost loses its connections to the source of a migration, and nothing else: at the switch-over of
# one that it drives. Where guests are is asked of virsh, over connections of its own.
# shellcheck source-path=SCRIPTDIR source=lib-execute.sh
. "$(dirname "$0")/lib-execute.sh"

names=web by=peer cut=
web="memory wss=2000000 rate=100"

# connections HOST: numbers of the processes that carry migcost's
connections() {
  ps -o pid=,args= --ppid $pid | awk -v relay="$lab/$1/" 'index($0, relay) { print $1 }'
}

# to_connections SIGNAL
to_connections() {
  for number in $(connections 0); do kill "-$1" "$number"; done
}

# sent HOST: of the guest, all; nobody has brought the migration to its end
sent() {
  virsh_on 1 "$1" domjobinfo web | grep -Eq '^Memory remaining: *0(\.0*)? '
}

# cut_at_switch LINE: what the source says of the end of the migration is not heard any more
cut_at_switch() {
  case $1 in *"stands still until"*) ;; *) return ;; esac
  [ -z "$cut" ] || return
  cut=yes
  to_connections STOP
  for try in $(seq 600); do
    ! sent 0 || break
    sleep 0.1
  done
  sleep 1
  virsh_on 1 0 domstate web >"$work/when-cut"
  to_connections KILL
}

as_user || as_self
check "files" ship
check "a lab" lab_up 1
[ "$failures" = 0 ] || finish # without one virsh would talk to this machine's own daemon
lab=$(lab_get 1 directory)
check "a guest" start_guests
[ "$failures" = 0 ] || finish

result=$work/results/switch
plan_and cut_at_switch --move web=b --direct --bandwidth "6 MiB/s" --timeout 1:suspend -o "$result"
check "a guest that stands still when the source is lost" contains "$work/when-cut" paused
check "... goes on there" contains "$work/err" "guest 'web' stood still on host 'a'"
check "... which its row says" contains "$result/migrations.csv" "the guest is running on host 'a' alone"
check "... moves at the second try" exits 0
check "... and runs, as it did before" runs_on 1 web

check "nothing of them is to be undone" not ls "$work/state/migcost/undo/"journal-*
check "the lab ends" lab_end 1
finish
