#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# Plans that are performed on three hosts: one host is relieved of what keeps it busy; then it is
# emptied, and the daemon of the host that a guest is on its way to is killed: another plan takes it
# to the host that is left.
# shellcheck source-path=SCRIPTDIR source=lib-execute.sh
. "$(dirname "$0")/lib-execute.sh"

hosts=3
web=cpu

number_of() { echo "$1" | tr a-h 0-7; } # LETTER

# kill_daemon LINE: of the host that the first migration goes to, whichever the plan has chosen
kill_daemon() {
  case $1 in
    "moving "*"host 'a' to '"*)
      [ -z "$killed" ] || return
      killed=${1##*" to '"}
      killed=${killed%%"'"*}
      sleep 1
      kill -KILL "$(daemon_of "$lab" "$(number_of "$killed")")"
      ;;
  esac
}

# left: the host that is neither a nor the one whose daemon was killed
left() { [ "$killed" = b ] && echo c || echo b; }

moved_busy() { # the guest that works has left, to one of the other two, and the idle ones have not
  busy=$(where web)
  case $busy in 1 | 2) ;; *) echo "web runs on host '$busy'"; return 1 ;; esac
  runs_on 0 lab-test && runs_on 0 db
}

on_the_one_left() { # those that moved; by the word of the hosts that answer
  runs_on "$(number_of "$(left)")" "$@" || return 1
  for name in "$@"; do not virsh_on 1 0 domstate "$name" 2>/dev/null ||
    { echo "$name"; return 1; }; done
}

as_user || as_self
check "files" ship
check "a lab of three hosts" lab_up 1 hosts=3
[ "$failures" = 0 ] || finish
lab=$(lab_get 1 directory)
check "guests" start_guests

result=$work/results/relieved
plan --yes --relieve a --below 30% -o "$result"
check "a host is relieved" exits 0
check "... the one that works has left it" moved_busy
check "... one migration was enough" holds migrations guest web
check "... and is sound" holds migrations status ok
check "they are the guests that they were" same_guests

killed=
result=$work/results/emptied
plan_and kill_daemon --empty a --to b --to c --bandwidth '16 MiB/s' -o "$result"
check "the daemon of a destination is killed in a migration" [ -n "$killed" ]
check "... the guest goes to the host that is left, and so does the other one" \
  on_the_one_left lab-test db
check "... the plan is done" exits 0
check "... that is said" contains "$work/out" "Done: 2 of 2 VMs"
check "... and who does not answer" \
  grep -Eq "^ +[0-9]+ +db +a +$(left) +moved .* $(left) \(no answer: $killed\)" "$work/out"
check "... the failed migration has its row, and two sound ones" \
  holds migrations status "failed ok ok"
check "... with where the guest was" \
  grep -q "the guest, by host 'a': running, by host '$killed': " "$result/migrations.csv"
check "... nothing is said of the links that one cannot know" \
  not grep -q "links of [0-9.]* [GT]B/s" "$work/out"
check "... the result can be read" is_result
check "nothing of them is to be undone" not ls "$work/state/migcost/undo/"journal-*
check "the lab ends" lab_end 1
finish
