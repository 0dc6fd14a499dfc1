# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# In which ways a fault is tried: $kind of guest ("own": migcost's; "existing": somebody's, in a
# study; "execution": somebody's, in a plan that is performed), and who drives its migration,
# $control ("direct": migcost; "peer-to-peer": the source's daemon). Sourced by lib-faults.sh.

kind=own control=direct

# begin_way KIND CONTROL: the case of a guest that was there is called by its name
begin_way() {
  kind=$1 control=$2
  base=$work/results/base-$kind-$control
  case $kind in own) domain=migcost-m1 case=m ;; *) domain=m1 case=m1 ;; esac
}

# is_own, is_study: whose guest; whether a study is run
is_own() { [ "$kind" = own ]; }
is_study() { [ "$kind" != execution ]; }

# own_check, study_check LABEL COMMAND...: what can be asked of these alone
own_check() { if is_own; then check "$@"; fi; }
study_check() { if is_study; then check "$@"; fi; }

# concerns FAULT: what an execution tells at its end is all that is known of its guests;
# consoles, kernels and disks of results have nothing to do with who drives what,
# workloads are migcost's own, and a plan knows a name in its way before anything moves
concerns() {
  case $kind,$control,$1 in
    own,direct,*) ;;
    own,*,console | own,*,disk-full) return 1 ;;
    own,* | execution,*,disk-full) ;;
    *,console | *,disk-full | *,panic | *,power-off | *,name-clash) return 1 ;;
  esac
}

# --- the study, the guest

prepare_way() {
  cp "$work/data/domains/qemu-$domain_type.xml" "$work/domain.xml"
  case $control in direct) peer=no ;; *) peer=yes ;; esac
  sed "s#@URI0@#$uri0#; s#@URI1@#$uri1#; s#@MIGRATE0@#$migrate0#; s#@MIGRATE1@#$migrate1#
    s#@PEER0@#$peer0#; s#@PEER1@#$peer1#; s#@CONTROL@#$peer#
    s#@CPU0@#$cpu0#; s#@CPU1@#$cpu1#; s#@TEMPLATE@#$work/domain.xml#" \
    "$top_srcdir/tests/faults/fault.xml" >"$work/fault.xml"
  is_own || prepare_existing
}

prepare_existing() {
  sed -i '/<workload /d; s#<guest .*#<guest name="m1" existing="yes"/>#' "$work/fault.xml"
  sed "s#<name>.*</name>#<name>$domain</name><uuid>5a3ac0de-0000-4000-8000-00000000f417</uuid>#
    s#<memory .*</memory>#<memory unit='MiB'>96</memory>#
    s#-- idle#-- memory wss=16000000 rate=200 period=100ms#
    s#<devices>#<devices><emulator>$emulator</emulator>#" "$work/domain.xml" >"$work/existing.xml"
}

take_guest_away() {
  if is_own; then return; fi
  for host in 0 1; do
    virsh_on $host destroy "$domain"
    virsh_on $host undefine "$domain"
  done >/dev/null 2>&1
}

# put_guest: somebody's, at the source, defined there; whatever became of it before
put_guest() {
  if is_own; then return; fi
  take_guest_away
  virsh_on 0 define "$work/existing.xml" && virsh_on 0 start "$domain" || return 1
  booted || { echo "it said this:"; tail -n 20 "$work/typescript" "$work/console.log"; return 1; }
  virsh_on 0 vcpupin "$domain" >"$work/pins"
}

# booted: a guest that boots updates its memory faster than the link sends
booted() {
  rm -f "$work/keys"
  mkfifo "$work/keys"
  : >"$work/typescript"
  script -qfec "virsh -q -c '$uri0' console $domain --force" "$work/typescript" <"$work/keys" \
    >"$work/console.log" 2>&1 5<&- 7>&- &
  other=$!
  exec 8>"$work/keys"
  boots=0
  timeout 600 tail -n +1 -f "$work/typescript" | grep -q -m 1 "^@[RFH] " || boots=1
  exec 8>&-
  # shellcheck disable=SC2046 # a number, or nothing
  kill -KILL $(ps -o pid= --ppid "$other") "$other" 2>/dev/null
  wait "$other" 2>/dev/null
  rm "$work/keys"
  return $boots
}

# --- what is run

# begin_work DIRECTORY: a result to begin with
begin_work() {
  if is_study; then
    start fault.xml -o "$1" --emulator "$emulator" --yes
    return
  fi
  with_plan start_command -o "$1"
}

# with_plan COMMAND... : with the arguments of an execution behind it
with_plan() {
  case $control in
    direct) set -- "$@" --direct ;;
    *) set -- "$@" --peer-uri "source=$peer0" --peer-uri "destination=$peer1" ;;
  esac
  first=$1
  shift
  $first plan --execute --yes --host "source=$uri0" --host "destination=$uri1" \
    --migrate-uri "source=$migrate0" --migrate-uri "destination=$migrate1" \
    --move "$domain=destination" --bandwidth "8 MiB/s" --timeout 120 "$@"
}

run_migcost() { # ARGUMENT...
  # shellcheck disable=SC2086
  run $as "$migcost" "$@"
}

# resume_work: in the background, as start
resume_work() {
  if is_study; then
    start --resume "$result" --emulator "$emulator" --yes
  else
    start_command plan --execute --yes --resume "$result"
  fi
}

# work_again: in the foreground, after a fault is mended. An execution may have come to its end by
# itself, with its guest moved or left where it was after two tries: then by another one
work_again() {
  if is_study; then
    if [ "$kind" = existing ] && ! lives; then put_guest; fi
    # shellcheck disable=SC2086
    run $as "$migcost" run --resume "$result" --emulator "$emulator" --yes
  elif [ ! -e "$result/COMPLETE" ]; then
    run_migcost plan --execute --yes --resume "$result"
  elif ! lives || virsh_on 1 domstate "$domain" >/dev/null 2>&1; then
    status=0
  else
    rm -rf "$work/results/again"
    with_plan run_migcost -o "$work/results/again"
  fi
}

lives() { # it runs, or is paused, on a host
  for host in 0 1; do
    ! virsh_on $host domstate "$domain" 2>/dev/null | grep -Eq 'running|paused' || return 0
  done
  return 1
}

# wait_migrating: until the migration is about to begin
wait_migrating() {
  if is_study; then wait_line "migrating"; else wait_line "moving '$domain'"; fi
}

# wait_beginning: before that, in a study behind what is tried before a repetition
wait_beginning() {
  case $kind in
    own) wait_line "settling" ;;
    existing) wait_line "baseline" ;;
  esac
}

# moments_of: lines of a run that random moments are counted from, and up to how many ms behind them
moments_of() {
  case $kind in
    own) echo "connecting|starting guests|settling|baseline|migrating|migrating|after|ending,1500" ;;
    existing) echo "connecting|baseline|migrating|migrating|migrating|after,4000" ;;
    execution) echo "connecting|moving '$domain'|moving '$domain'|moving '$domain',8000" ;;
  esac
}

# --- changes to what is to be resumed: arguments of begin_fault, sed scripts

# timeout_of TIME: of a migration, in seconds
timeout_of() {
  if is_study; then
    echo "s/ timeout=\"[^\"]*\"/ timeout=\"$1 s\"/"
  else
    echo "s/name=\"timeout\" value=\"[^\"]*\"/name=\"timeout\" value=\"$1\"/"
  fi
}

# slowly, fast DIRECTORY: how its study's guest moves from now on: slowly, so that there is time for
# a fault; fast where none is to come
slowly() {
  if is_study; then sed -i 's#<migration #&bandwidth="8 MiB/s" #' "$1/study.xml"; fi
}
fast() {
  if is_study; then sed -i 's# bandwidth="8 MiB/s"##' "$1/study.xml"; fi
}

# long_switch: the guest stands still for some time
long_switch() {
  if is_study; then
    echo 's#<migration #&max-downtime="60 s" #; s#bandwidth="8 MiB/s"##'
  else
    echo 's/name="timeout" value="[^"]*"/name="timeout" value="2:suspend"/'
  fi
}

# --- what must hold of a guest that is somebody's

# is_moving: memory is sent, or its other half waits on the destination before that begins
is_moving() {
  case $(whereabouts) in *"running on the source"*"paused on the destination"*) return 0 ;; esac
  virsh_on 0 domjobinfo "$domain" 2>/dev/null | grep -q '^Memory processed'
}

# at_rest: once its host, or libvirt's end of a connection that is gone, has done with it, which they
# have to have some time
at_rest() {
  for look in $(seq 600); do
    is_moving || break
    sleep 0.2
  done
  ! is_moving || {
    echo "it still moves after $look looks:$(whereabouts)"
    return 1
  }
  for look in $(seq 25); do
    ! is_whole >/dev/null || return 0
    sleep 0.2
  done
  echo "not after $look looks"
  is_whole
}

# whereabouts: on whichever host it runs or is paused, each with a space before it
whereabouts() {
  for host in 0 1; do
    case $host in 0) place="the source" ;; *) place="the destination" ;; esac
    state=$(virsh_on $host domstate "$domain" 2>/dev/null | head -n 1)
    case $state in running | paused) printf ' %s on %s' "$state" "$place" ;; esac
  done
}

# is_whole: it is on one host, no half of it on the other one, defined there and nowhere else, with
# the pins that it had; but for one that the fault has ended
is_whole() {
  n=0 on='' defined=''
  for host in 0 1; do
    if virsh_on $host domstate "$domain" 2>/dev/null | grep -q running; then n=$((n + 1)) on=$host; fi
    virsh_on $host dominfo "$domain" 2>/dev/null | grep -q '^Persistent: *yes' &&
      defined="$defined$host"
  done
  [ "$n" = 1 ] && [ "$defined" = "$on" ] || {
    [ "$n,$ended_by_fault" = "0,yes" ] && [ ${#defined} -le 1 ] && return
    echo "$domain runs on $n hosts (last $on) and is defined on '$defined'"
    return 1
  }
  case $(whereabouts) in
    *paused*)
      echo "a half of $domain stands still:$(whereabouts)"
      return 1
      ;;
  esac
  virsh_on "$on" vcpupin "$domain" | diff "$work/pins" -
}
