#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# migcost loses its connections to the source of a migration, and nothing else: at the switch-over of
# one that it drives; while memory is sent, of one that the source goes on with. Where guests are is
# asked of virsh, over connections of its own.
# shellcheck source-path=SCRIPTDIR source=lib-execute.sh
. "$(dirname "$0")/lib-execute.sh"

names=web by=peer cut=
web="memory wss=2000000 rate=100"

# connections HOST: numbers of the processes that carry migcost's
connections() {
  ps -o pid=,args= --ppid $pid | awk -v relay="$lab/$1/" 'index($0, relay) { print $1 }'
}

# to_connections HOST SIGNAL
to_connections() {
  for number in $(connections "$1"); do kill "-$2" "$number"; done
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
  to_connections 0 STOP
  for try in $(seq 600); do
    ! sent 0 || break
    sleep 0.1
  done
  sleep 1
  virsh_on 1 0 domstate web >"$work/when-cut"
  to_connections 0 KILL
}

# cut_while_sent LINE: from host 1, slowly; what then? by $then: hurry, INT
cut_while_sent() {
  case $1 in
    "moving '"*)
      until virsh_on 1 1 domjobinfo web 2>&1 | grep -q '^Memory processed: *[1-9]'; do
        kill -0 $pid || return 0
      done
      virsh_on 1 1 migrate-setspeed web 1
      to_connections 1 KILL
      ;;
    *"still goes on: waiting for its end"*)
      case $then in INT) kill -INT $pid ;; *) virsh_on 1 1 migrate-setspeed web 1000 ;; esac
      ;;
  esac
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

# its source drives it, and goes on
check "it becomes persistent, and is started by its host" persist 1 1 web
result=$work/results/interrupted then=INT
plan_and cut_while_sent --move web=a --bandwidth "6 MiB/s" -o "$result"
check "a migration that is not seen any more, and an interrupt" exits 1
check "... which aborts it" runs_on 1 web
check "... says where the guest is" contains "$result/migrations.csv" \
  "the guest is running on host 'b' alone"
check "... its definition and autostart are where they were" defined_on 1 1 web enable

result=$work/results/goes-on then=hurry
plan_and cut_while_sent --move web=a --bandwidth "6 MiB/s" -o "$result"
check "one that goes on without being seen is waited for" contains "$work/err" "waiting for its end"
check "... the guest has moved" runs_on 0 web
check "... which its row says" contains "$result/migrations.csv" "the guest is running on host 'a' alone"
check "... nothing is left to do" exits 0
check "... its definition and autostart have moved along" defined_on 1 0 web enable
check "... nothing of it is left" not virsh_on 1 1 dominfo web

check "nothing of them is to be undone" not ls "$work/state/migcost/undo/"journal-*
check "the lab ends" lab_end 1
finish
