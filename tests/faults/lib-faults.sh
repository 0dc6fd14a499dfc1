# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# What the faults share: a lab that outlives the runs on it, with a foreign domain on each host; a
# result directory of which one repetition is measured; moments; and what must hold after each
# fault. Sourced.
#
# migcost is given the lab's hosts by their URIs, as it is given anybody's. A fault begins with a
# copy of that directory and resumes it, so that there is something to lose; what was broken is
# mended, and it is resumed once more. Root is needed to break things.

# shellcheck source-path=SCRIPTDIR/../.. source=tests/lab/lib-run.sh
. "$top_srcdir/tests/lab/lib-run.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=tests/faults/lib-hosts.sh
. "$top_srcdir/tests/faults/lib-hosts.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=tests/faults/lib-ways.sh
. "$top_srcdir/tests/faults/lib-ways.sh"

tally=$work/tally
: >"$tally"
: >"$work/words"
: >"$work/whereabouts"

# --- the study, the guests' domain, a result to begin with

prepare_domains() {
  sed -i "s#<kernel>.*</kernel>#<kernel>$work/bin/vmlinuz</kernel>#
    s#<initrd>.*</initrd>#<initrd>$work/bin/guest.cpio.gz</initrd>#
    s#<cmdline>#<cmdline>unknown_nmi_panic #" "$work"/data/domains/qemu-*.xml
}

# One repetition is measured, the second one interrupted; of an execution, its migration.
try_base() {
  result=$base reached=yes
  put_guest && begin_work "$result" || return 1
  if is_study; then wait_line "[2/2]"; else wait_migrating && sleep 1; fi || reached=no
  kill -INT "$run_pid" 2>/dev/null
  wait_run
  [ $reached = yes ] && exits 1 && is_readable || return 1
  case $(column runs status | tr '\n' ' ') in
    "ok interrupted ") is_study ;;
    "interrupted ") not is_study ;;
    *) false ;;
  esac || { cat "$result/runs.csv" err; return 1; }
}

# measure_base: before anything is broken; where that comes to nothing it is tried again, and the table at the
# end has why
measure_base() {
  for try in 1 2 3; do
    if try_base >"$work/base.log" 2>&1; then
      slowly "$base"
      return
    fi
    tail -n 4 "$work/base.log" | sed "s/^/base ($kind, $control), try $try|/" | tee -a "$work/words"
    rm -rf "$base"
  done
  cat "$work/base.log"
  return 1
}

# --- one fault

# begin_fault NAME [SED-SCRIPT]: goes on with a copy of the base; the script changes its study
begin_fault() {
  fault=$1
  result=$work/results/$1
  cp -R "$base" "$result"
  [ -z "${2-}" ] || sed -i "$2" "$result/study.xml"
  is_own || check "$fault: a guest" put_guest
  watch_events
  resume_work
}

# What must hold after each: call it when the run has ended. OUTCOME: a part of the reason that the
# run's row gives; "" where there is to be no such row. STATUS: of the migration; "" where there is
# to be none.
end_fault() { # OUTCOME STATUS
  wait_run
  unwatch_events
  check "$fault: no repetition is sound that was disturbed" ended_with "$1" "$2"
  check "$fault: what was measured can be read" keeps_base
  check "$fault: no guest is lost but by the hypervisor's own word" accounted_for
  note_fate
}

# An execution tries once more by itself.
ended_with() { # OUTCOME STATUS
  if ! is_study; then executed_with "$@"; return; fi
  exits 1 || return 1
  [ -z "$1" ] || tail -n 1 "$result/runs.csv" | grep -F -- "$1" ||
    { cat "$result/runs.csv" err; return 1; }
  [ -z "$2" ] || [ "$(column migrations status | tail -n 1)" = "$2" ] ||
    { cat "$result/migrations.csv"; return 1; }
}

# Rows of an execution since the fault.
new_moves() { tail -n +"$(($(wc -l <"$base/migrations.csv") + 1))" "$result/migrations.csv"; }

executed_with() { # OUTCOME STATUS
  new_moves >"$work/moves"
  { [ -z "$1" ] || grep -qF -- "$1" "$work/moves" || grep -qF -- "${1##*: }" "$work/moves"; } &&
    { [ -z "$2" ] || grep -q ",$2," "$work/moves"; } || { cat "$work/moves" err; return 1; }
}

# The rows of the base are still the first ones.
keeps_base() {
  for table in runs migrations guests heartbeats; do
    [ -e "$base/$table.csv" ] || continue
    head -c "$(wc -c <"$base/$table.csv")" "$result/$table.csv" | cmp - "$base/$table.csv" ||
      return 1
  done
  is_readable >/dev/null
}

# A migration that did not succeed says where the guest is: on one host, or lost, and then with what
# its host said.
accounted_for() {
  reason=
  case $(column migrations status | tail -n 1) in
    ok | '') ;;
    damaged) [ -n "$(column guests host_after | tail -n 1)" ] ||
      reason=$(tail -n 1 "$result/migrations.csv") ;;
    *) reason=$(tail -n 1 "$result/migrations.csv") ;;
  esac
  case $reason in
    '' | *"on host 'source' alone"* | *"on host 'destination' alone"*) ;;
    *"the guest is running on host 'source', not there on 'destination'"*) ;;
    *"the guest is running on host 'destination', not there on 'source'"*) ;;
    *"the guest is lost"*"host 'source' said: stopped"*) ;;
    *"the guest is lost"*"host 'destination', where it had gone on, said: stopped"*) ;;
    *"it ended on the destination (stopped"*) ;;
    *"runs on none of the study's hosts; host 'destination', where it had gone on, said: stopped"*) ;;
    *"the guest, by host 'source': "*"by host 'destination': "*) ;;
    *) echo "not accounted for: $reason"; return 1 ;;
  esac
}

# Whether the guest was lost, before the next migration has a row; a guest that the fault itself has
# ended is none that was. And what the user is told.
note_fate() {
  lost=0
  if is_lost && [ "$ended_by_fault" = no ]; then lost=1; fi
  note_words
}

note_words() {
  [ -e "$work/err" ] || return 0
  grep 'not counted:\|took back\|^migcost: ' "$work/err" | grep -v 'no active storage pool' |
    sed "s#$work/##g; s#$lab#LAB#g; s#^#$fault|#" >>"$work/words"
}

is_lost() { tail -n 1 "$result/migrations.csv" | grep -q "the guest is lost" ||
  ! accounted_for >/dev/null; }

# mended [NAME-OF-FAULT]: resumed, it completes, says what was disturbed, and hosts are as before.
mended() {
  fast "$result"
  work_again
  note_words
  check "$fault, resumed: it completes" completes
  check "$fault, resumed: the report says what was disturbed" says_disturbed
  check "$fault, resumed: rows are kept" keeps_base
  check "$fault: hosts are as before" hosts_as_before
  check "$fault: foreign domains are untouched" foreign_untouched
  count_fault
}

completes() {
  exits 0 && is_complete || return 1
  if is_study; then [ "$(column runs status | tail -n 1)" = ok ]; fi
}

says_disturbed() {
  if ! is_study; then is_readable; return; fi
  is_readable >"$work/report" && grep -q "not counted" "$work/report" &&
    contains "$work/report" "${disturbed:-run 3, $case, repetition 2}"
}

hosts_as_before() {
  no_journal && for host in 0 1; do
    names=$(virsh_on $host list --all --name | grep -v '^$')
    if ! is_own; then names=$(echo "$names" | grep -vx "$domain"); fi
    [ "$names" = foreign ] || { echo "host $host has: $names"; return 1; }
    not is_own || only_foreign_processes $host || return 1
  done
  is_own || is_whole
}

# --- the table: fault, tries, guests lost, foreign domains touched, leftovers, rows kept

# A line for each try; the end of the script sums them up.
count_fault() {
  count_try "$(zero_if foreign_untouched)" "$(zero_if hosts_as_before)"
  ended_by_fault=no disturbed= lost=0
  rm -rf "$result"
}

count_try() { # TOUCHED LEFT
  echo "$fault|$kind|$control|$lost|$1|$2|$(keeps_base >/dev/null 2>&1 && echo all || echo "not all")" >>"$tally"
}

zero_if() { if "$@" >/dev/null 2>&1; then echo 0; else echo 1; fi; }

print_table() {
  awk -F'|' '
    { way = $1 ", " $2 ", " $3
      if (!(way in tries)) order[++n] = way
      tries[way]++; lost[way] += $4; touched[way] += $5; left[way] += $6; kept[way] += $7 == "all" }
    END {
      printf "# %-42s %5s %11s %15s %9s %10s\n", "fault", "tries", "guests lost",
        "foreign touched", "leftovers", "rows kept"
      for (i = 1; i <= n; i++) {
        f = order[i]
        printf "# %-42s %5d %11d %15d %9d %10s\n", f, tries[f], lost[f], touched[f], left[f],
          kept[f] == tries[f] ? "all" : kept[f] " of " tries[f]
      }
    }' "$tally"
  awk -F'|' '!seen[$0]++ { print "# " $1 ": " substr($0, length($1) + 2) }' "$work/words"
}
ended_by_fault=no disturbed= lost=0

# --- what single faults ask

says_fate() { # TEXT
  if ! is_study; then new_moves | grep -F -- "$1" || { new_moves; false; }; return; fi
  tail -n 1 "$result/migrations.csv" | grep -F -- "$1" || { cat "$result/migrations.csv"; false; }
}

all_are_sound() {
  if ! is_study; then new_moves | grep -q ',ok,'; return; fi
  all_are ok migrations status &&
  [ "$(column runs status | tr '\n' ' ')" = "ok interrupted ok " ]; }

# Where nothing had to be resumed.
count_unbroken() {
  check "$fault: rows are kept" keeps_base
  check "$fault: hosts are as before" hosts_as_before
  check "$fault: foreign domains are untouched" foreign_untouched
  count_fault
}

says_clash() {
  exits 1 && contains err "domain '$domain' exists already"
}

on_one_host() { # at most
  n=0
  for host in 0 1; do
    if virsh_on $host list --name --state-running | grep -qx "$domain"; then n=$((n + 1)); fi
  done
  [ $n -le 1 ] || { echo "it runs on both hosts"; false; }
}

# What is on a host still is in a journal, for the next start to take back; a guest that is
# somebody's is whole.
left_is_known() {
  is_own || { at_rest; return; }
  hosts_as_before >/dev/null && return
  uuids=$(for host in 0 1; do virsh_on $host domuuid $domain 2>/dev/null; done | sort -u)
  for uuid in $uuids; do
    grep -q "$domain $uuid" "$work"/state/migcost/undo/journal-* ||
      { echo "no journal has $domain $uuid"; return 1; }
  done
}

# An execution's, from when its guest moves, slowly, so that there is much to write.
executed_on_full_disk() {
  put_guest || return 1
  # shellcheck disable=SC2016 # for the inner shell
  unshare --mount sh -c '
    mount -t tmpfs -o size=16m tmpfs disk && cp -R "$1/." disk || exit 99
    sed -i "s#\"8 MiB/s\"#\"4 MiB/s\"#" disk/study.xml
    "$2" plan --execute --yes --resume disk >out 2>err &
    until grep -q "^moving" err || ! kill -0 $!; do sleep 0.1; done
    cat /dev/zero >disk/filler
    wait $!
    status=$?
    rm disk/filler && cp -R disk "$3"
    exit $status' sh "$base" "$migcost" "$result" 2>"$work/filler"
  status=$?
  exits 1 && contains err "No space left on device" && keeps_base && at_rest
}

# Where its guest is, by the table; and that is true.
tells_where() {
  on=$(sed -n "s/^ *1 .* $domain .* \(source\|destination\)$/\1/p" "$work/out")
  grep -q "NOT ALL DONE: [01] of 1 VMs" out && contains out "migcost plan --execute --yes --resume" &&
    case $on in
      source) virsh_on 0 domstate "$domain" ;;
      destination) virsh_on 1 domstate "$domain" ;;
      *) return 1 ;;
    esac
}

on_full_disk() {
  is_study || { executed_on_full_disk; return; }
  room=$(($(du -sk "$base" | cut -f 1) + 60))
  # shellcheck disable=SC2016 # for the inner shell
  unshare --mount sh -c '
    mount -t tmpfs -o size="$1"k tmpfs disk && cp -R "$5/." disk || exit 99
    "$2" run --resume disk --emulator "$3" >out 2>err
    status=$?
    cp -R disk "$4"
    exit $status' sh "$room" "$migcost" "$emulator" "$result" \
    "$base"
  status=$?
  exits 1 && contains err "No space left on device" && keeps_base && hosts_as_before
}
