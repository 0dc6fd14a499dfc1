#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# A guest that is there already: migrated, moved back between the runs, and nothing else, whatever
# happens.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

pin=      # cpu= of both hosts
peers=    # by which URIs their daemons reach each other: "", "server" or "nowhere"
settings= # elements

peer() { # HOST
  case $peers in
    server) echo " peer-uri=\"$(lab_get 1 "peer$1")\"" ;;
    nowhere) echo ' peer-uri="qemu+tcp://nowhere.invalid/session"' ;;
  esac
}

study() { # GUEST...: elements
  cat >"$work/study.xml" <<XML
<study name="there">
  <hosts>
    <host name="here" uri="$(lab_get 1 uri0)" migrate-uri="$(lab_get 1 migrate0)"$pin$(peer 0)/>
    <host name="there" uri="$(lab_get 1 uri1)" migrate-uri="$(lab_get 1 migrate1)"$pin$(peer 1)/>
  </hosts>
  $* $settings
  <cases><sequence>vm</sequence></cases>
  <timing baseline="3 s" window="4 s" repetitions="1"/>
</study>
XML
}

migcost() { run migcost_command "$@"; }

is_measured() {
  [ -n "$(column guests dirty_bytes_per_s)" ] &&
    [ "$(column migrations downtime_reported_ns)" -gt 0 ] &&
    [ "$(column migrations suspended_ns)" -lt "$(column migrations resumed_ns)" ] &&
    [ "$(column migrations sent_bytes)" -gt 0 ] && [ "$(wc -l <"$result/rounds.csv")" -gt 1 ]
}

says() { contains_words "$work/out" "$1"; } # TEXT

runs_on_one() { # it runs on one host and on no other
  n=0
  for host in 0 1; do guest_runs_on 1 $host 2>/dev/null && n=$((n + 1)); done
  [ $n = 1 ] || { echo "runs on $n hosts"; return 1; }
}

# run_and LISTENER ARGUMENT...: `migcost run --yes` with these, heard by the listener
run_and() {
  listener=$1
  shift
  hear "$listener" migcost_command run --yes "$@"
}

# begin_slowly: what leaves the first host from now on does so at 1 MiB/s; the guest is there
begin_slowly() {
  guest_migrate 1 1 0 && virsh_on 1 0 migrate-setspeed lab-test 1
}

hurry() { virsh_on 1 0 migrate-setspeed lab-test 1000; }

is_sending() { virsh_on 1 0 domjobinfo lab-test | grep -q '^Memory processed: *[1-9]'; }

kill_sending() { # LINE: once memory is sent
  case $1 in
    *": migrating"*)
      until is_sending || ! kill -0 $pid; do sleep 0.1; done
      kill -KILL $pid
      ;;
  esac
}

interrupt_sending() { # LINE: once memory is sent
  case $1 in
    *": migrating"*)
      until is_sending || ! kill -0 $pid; do sleep 0.1; done
      kill -INT $pid
      ;;
  esac
}

suspend_sending() { # LINE: Ctrl-Z once memory is sent; where is the guest when migcost stops?
  case $1 in *": migrating"*) ;; *) return ;; esac
  until is_sending || ! kill -0 $pid; do sleep 0.1; done
  kill -TSTP $pid
  hurry
  until grep -qs '^State:.*[TZ]' "/proc/$pid/status" || ! kill -0 $pid; do sleep 0.02; done
  { guest_runs_on 1 1 && echo moved; } >"$work/when-stopped" 2>&1
  kill -CONT $pid
}

hurry_when_waiting() { # LINE
  case $1 in *"waiting for its end"*) hurry ;; esac
}

job_ends() {
  while is_sending; do sleep 0.1; done
}

as_user || as_self
check "files" ship
check "a lab" lab_up 1
check "a guest that nobody told migcost of" guest_start 1
study '<guest name="vm" existing="yes" domain="lab-test"/>'

migcost run "$work/study.xml" -o "$work/results/refused"
check "without --yes it is refused" exits 2
check "what would be moved is said" contains "$work/err" "'lab-test' to host 'there'"
check "no result is begun" not test -e "$work/results/refused"
check "the guest is where it was" guest_runs_on 1 0
migcost check "$work/study.xml"
check "the check passes" exits 0
check "it knows the guest" grep -q "guest 'vm' runs there" "$work/out"

result=$work/results/one
migcost run --yes "$work/study.xml" -o "$result"
check "with --yes it is moved" exits 0
check "it is on the other host" guest_runs_on 1 1
check "that is said" contains "$work/err" "guest 'vm' is on host 'there' now"
check "one sound migration" holds migrations status ok
check "... direct, since the URI of its destination names no server" holds migrations control direct
check "... of which nothing is said" not contains "$work/err" "peer-to-peer"
check "its figures are there" is_measured
check "there are no heartbeats, and no zero for them" holds guests heartbeats ""
check "it has memory" holds guests memory_bytes 100663296
check "nothing of it is to be undone" not ls "$work/state/migcost/undo/"journal-*
check "its console was not read" not test -e "$result/console"

# on which CPUs it may run, by libvirt's word: its vCPU and its emulator
pins() { # HOST
  virsh_on 1 "$1" vcpupin lab-test && virsh_on 1 "$1" emulatorpin lab-test
}

pins_are() { # FILE: on whichever host it is
  pins 0 >"$work/pins" 2>/dev/null || pins 1 >"$work/pins" || return 1
  cmp "$work/pins" "$1" || { cat "$work/pins"; return 1; }
}

one_round_trip_each() { # run: median, and the range around it
  query round_trips '$1 == 1 && $3 >= 20 && $5 <= $4 && $4 <= $6 { n++ } END { exit n != 2 }'
}
check "the way to both hosts was timed" one_round_trip_each
migcost report --full "$result"
check "the report says it" contains "$work/out" "Round trip to host 'there': median "

peers=server
study '<guest name="vm" existing="yes" domain="lab-test"/>'
result=$work/results/two
migcost run --yes --repeat 2 "$work/study.xml" -o "$result"
check "twice more" exits 0
check "it was moved back first, and between the runs" \
  [ "$(grep -c "moving it back to 'here'" "$work/err")" = 2 ]
check "that is no row" holds migrations source "here here"
check "where its URI names a server, the guest's host drives" \
  holds migrations control "peer-to-peer peer-to-peer"
check "it ends there" holds guests host_after "there there"
check "but an event" grep -q ",home,here" "$result/events.csv"
check "it is there" guest_runs_on 1 1

# persistent and started by its host: so it is afterwards, elsewhere
defined_alone() { # HOST AUTOSTART: and nothing is known of it on the other one
  defined_on 1 "$1" lab-test "$2" && not virsh_on 1 $((1 - $1)) dominfo lab-test
}
check "it becomes persistent" persist 1 1 lab-test
peers=nowhere
study '<guest name="vm" existing="yes" domain="lab-test"/>'
result=$work/results/persistent
migcost run --yes "$work/study.xml" -o "$result"
check "it is moved back and there again" exits 0
check "directly, where its host cannot connect there" holds migrations control direct
check "... which is said" contains "$work/err" "directly, not peer-to-peer"
check "... and a limit" grep -q '^here,migrations,control,.*direct' "$result/limits.csv"
migcost report --full "$result"
check "... of the report too" says "migrations to host 'there' are direct, not peer-to-peer"
check "with its definition and autostart" defined_alone 1 enable
check "... of which nothing is said" not contains "$work/err" "still defined"
peers=server settings='<migration peer-to-peer="no"/>'
study '<guest name="vm" existing="yes" domain="lab-test" host="there"/>'
result=$work/results/kept
migcost run --yes --keep-definitions "$work/study.xml" -o "$work/results/kept"
check "with --keep-definitions it moves alone" exits 0
check "... directly, as the study asks" holds migrations control direct
check "... it is on the other host" guest_runs_on 1 0
check "... to which none was given" grep -q '^Persistent: *no' <<INFO
$(virsh_on 1 0 dominfo lab-test)
INFO
check "... the one that it had is where it was" grep -q '^Autostart: *enable' <<INFO
$(virsh_on 1 1 dominfo lab-test)
INFO
left="guest 'vm' is still defined on there, which it left, and which starts it by itself"
check "... what moves it along is said" contains "$work/err" "$left; to move that along: virsh -c "
settings=
study '<guest name="vm" existing="yes" domain="lab-test"/>'
migcost run --yes "$work/study.xml" -o "$work/results/again"
check "it moves there again" guest_runs_on 1 1
check "... and is transient again" virsh_on 1 1 undefine lab-test
check "the report reads it" "$work/bin/migcost" report "$work/results/persistent"

# its host drives: what becomes of migcost does not matter
check "a slow migration from its first host" begin_slowly
check "... which starts it by itself" persist 1 0 lab-test
result=$work/results/alone
run_and kill_sending "$work/study.xml" -o "$result"
check "killed while its host drives the migration" exits 137
check "... that goes on" is_sending
run_and hurry_when_waiting --resume "$result"
check "resumed, it waits for its end" contains "$work/err" "waiting for its end"
check "... and measures another one" exits 0
check "... as its rows tell" holds runs status "interrupted ok"
check "... peer-to-peer, too" [ "$(column migrations control | tail -n 1)" = peer-to-peer ]
check "... it says who starts the guest now" contains "$work/err" "by itself, as the one did"
check "it is where it was moved" guest_runs_on 1 1
check "... with its definition and autostart" defined_alone 1 enable
virsh_on 1 1 undefine lab-test

# a downtime limit for the time of its migration, and no longer
has_limit() { # MS
  limit=$(virsh_on 1 0 migrate-getmaxdowntime lab-test)
  [ "$limit" = "$1" ] || { echo "$limit ms"; return 1; }
}
check "one more slow migration" begin_slowly
check "... of a guest with a downtime limit of its owner's" \
  virsh_on 1 0 migrate-setmaxdowntime lab-test 450
peers='' settings='<migration max-downtime="2 ms"/>'
study '<guest name="vm" existing="yes" domain="lab-test"/>'
result=$work/results/limited
run_and interrupt_sending "$work/study.xml" -o "$result"
check "interrupted while the study's own is in force" holds migrations status aborted
check "... it stays" guest_runs_on 1 0
check "... and has its owner's limit again" has_limit 450
run_and kill_sending "$work/study.xml" -o "$work/results/limited-killed"
check "killed meanwhile" exits 137
check "... the migration ends" job_ends
migcost check "$work/study.xml"
check "the next start gives it its owner's limit" has_limit 450
check "... which it says" \
  grep -q "took back what an earlier run left on .*: max-downtime 'lab-test " "$work/err"
check "nothing of it is to be undone" not ls "$work/state/migcost/undo/"journal-*
hurry
settings=
check "it is where the others begin" guest_migrate 1 0 1

# migcost drives: it is not stopped before the guest goes on
peers=
study '<guest name="vm" existing="yes" domain="lab-test"/>'
check "another slow migration" begin_slowly
run_and suspend_sending "$work/study.xml" -o "$work/results/suspended"
check "Ctrl-Z while it drives the migration itself waits for its end" contains "$work/when-stopped" moved
check "... which is said" contains "$work/err" "Ctrl-Z: stopping once the direct migrations have ended"
check "... the guest runs on one host" runs_on_one
check "... where it was moved" guest_runs_on 1 1

# pinned on request, for the time of the run
cpu=$(awk '/^Cpus_allowed_list/ { n = split($2, list, /[-,]/); print list[n] }' /proc/self/status)
pin=" cpu=\"$cpu\"" peers=
study '<guest name="vm" existing="yes" domain="lab-test" pin="yes"/>'
pins 1 >"$work/unpinned"
is_pinned() { [ "$(getconf _NPROCESSORS_CONF)" = 1 ] || not pins_are "$work/unpinned"; }
check "once more a slow migration" begin_slowly
result=$work/results/killed
run_and kill_sending "$work/study.xml" -o "$result"
check "killed while it drives the migration itself" exits 137
check "... that ends with it" job_ends
check "... the guest goes on where it was" guest_runs_on 1 0
check "... and on no other host" runs_on_one
check "... pinned still" is_pinned
hurry
migcost run --yes "$work/study.xml" -o "$work/results/after"
check "the next run does not harm it" exits 0
check "it runs on" guest_runs_on 1 1
check "what pinned it was taken back first" \
  grep -q "took back what an earlier run left on .*: guest-pin '" "$work/err"
check "and what this run pinned at its end" pins_are "$work/unpinned"
check "that is no longer to be undone" not ls "$work/state/migcost/undo/"journal-*
result=$work/results/killed
migcost run --yes --resume "$result"
check "what was killed is resumed" exits 0
check "with the same guest" \
  grep -q "^identity,vm,$(virsh_on 1 0 domuuid lab-test || virsh_on 1 1 domuuid lab-test)," \
  "$result/environment.csv"
check "the disturbed run and the sound one have their rows" holds runs status "interrupted ok"
check "it is where it was moved" guest_runs_on 1 1

peers=server
study '<guest name="vm" existing="yes" domain="lab-test" pin="yes"/>'
check "one that is pinned begins a slow migration" begin_slowly
result=$work/results/pinned
run_and kill_sending "$work/study.xml" -o "$result"
check "killed while its host drives that" exits 137
check "... it goes on, to where it is pinned" is_sending
run_and hurry_when_waiting --resume "$result"
check "resumed, its pins are left alone while it is on its way" contains "$work/err" "is being migrated"
check "... and put back then" \
  grep -q "took back what an earlier run left on .*: guest-pin '" "$work/err"
check "... before the next measurement" exits 0
check "at the end they are those that it had" pins_are "$work/unpinned"
check "that is no longer to be undone, either" not ls "$work/state/migcost/undo/"journal-*
peers=
study '<guest name="vm" existing="yes" domain="lab-test" pin="yes"/>'

# another domain of its name, between two repetitions
replace_once() { # LINE: after the first migration
  case $1 in
    *": after"*)
      # it waits meanwhile, however long that takes
      kill -STOP $pid
      virsh_on 1 1 destroy lab-test && guest_start 1
      new=$(virsh_on 1 0 domuuid lab-test)
      kill -CONT $pid
      ;;
  esac
}

is_untouched() { # the other domain is where it was started, and has not been moved
  guest_runs_on 1 0 && [ "$(virsh_on 1 0 domuuid lab-test)" = "$new" ] && not guest_runs_on 1 1
}

result=$work/results/replaced
run_and replace_once --repeat 2 "$work/study.xml" -o "$result"
check "another domain by its name is refused" exits 1
check "in one clear line" [ "$(grep -c "is another one (UUID $new)" "$work/err")" = 1 ]
check "it is not the guest" not contains "$work/err" "guest 'vm' is on host 'here' now"
check "and is left alone" is_untouched
check "nothing of it is to be undone" not ls "$work/state/migcost/undo/"journal-*
migcost run --yes --resume "$result"
check "resumed, it is refused still" exits 1
check "as not the one with which the run was begun" contains "$work/err" \
  "and the domain of that name on host 'here' is another one (UUID $new)"
check "and is left alone again" is_untouched

study '<guest name="vm" existing="yes" domain="lab-tes"/>'
migcost run --yes "$work/study.xml" -o "$work/results/none"
check "one that is not there is an error" exits 1
check "of this line" contains "$work/err" \
  "study.xml:6: guest 'vm' (domain 'lab-tes') runs on none of the study's hosts"
check "the lab ends" lab_end 1
finish
