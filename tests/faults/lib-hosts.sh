# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# The lab of the faults from outside: its hosts, daemons, QEMUs, link, events. Sourced by
# lib-faults.sh.

# --- the lab

lab_begin() {
  cp "$top_builddir/tests/lab/lab-tool" "$work/bin/"
  mkfifo "$work/lab.in" "$work/lab.pipe"
  "$work/bin/lab-tool" up <"$work/lab.in" >"$work/lab.pipe" 2>"$work/lab.err" &
  lab_pid=$!
  exec 7>"$work/lab.in"
  while IFS= read -r line; do
    echo "$line"
    case $line in up | error=*) break ;; esac
  done <"$work/lab.pipe" >"$work/lab.out"
  grep -qx up "$work/lab.out" || { cat "$work/lab.out" "$work/lab.err"; return 1; }
  lab=$(lab_get directory) emulator=$(lab_get emulator)
  uri0=$(lab_get uri0) uri1=$(lab_get uri1) migrate0=$(lab_get migrate0) migrate1=$(lab_get \
    migrate1)
  peer0=$(lab_get peer0) peer1=$(lab_get peer1)
  cpu0=$(lab_get cpu0) cpu1=$(lab_get cpu1)
  case $(lab_get kvm) in 1) domain_type=kvm ;; *) domain_type=tcg ;; esac
}

lab_get() { sed -n "s/^$1=//p" "$work/lab.out" | tr -d "'"; }

lab_end() {
  exec 7>&-
  wait "$lab_pid"
  lab_pid=
}

# --- processes of a host

qemu_of() { # HOST NAME: number of the QEMU of that domain
  grep -la -- "guest=$2," /proc/[0-9]*/cmdline 2>/dev/null | while IFS=/ read -r _ _ process _; do
    if tr '\0' '\n' <"/proc/$process/environ" 2>/dev/null | grep -qx "HOME=$lab/$1/."; then
      echo "$process"
    fi
  done 2>/dev/null
}

only_foreign_processes() { # HOST
  left=$(qemu_of "$1" "$domain")
  [ -z "$left" ] || { echo "host $1 has a QEMU of $domain: $left"; false; }
}

# limit_memory PID BYTES: its address space, and that of what it starts; as its user, which root in
# a container may need
limit_memory() {
  uid=$(awk '/^Uid:/ { print $2 }' "/proc/$1/status") gid=$(awk '/^Gid:/ { print $2 }' \
    "/proc/$1/status")
  setpriv --reuid="$uid" --regid="$gid" --clear-groups prlimit --pid "$1" --as="$2:"
}

# kill_daemon HOST: the way it ran is kept, for start_daemon
kill_daemon() {
  pid=$(daemon_of "$lab" "$1")
  tr '\0' '\n' <"/proc/$pid/environ" >"$work/daemon.$1.env"
  tr '\0' '\n' <"/proc/$pid/cmdline" >"$work/daemon.$1.args"
  stat -c '%u %g' "/proc/$pid" >"$work/daemon.$1.ids"
  kill -KILL "$pid"
}

# stop_daemon HOST: it answers nothing until continue_daemon
stop_daemon() { kill -STOP "$(daemon_of "$lab" "$1")"; }
continue_daemon() { kill -CONT "$(daemon_of "$lab" "$1")"; }

# start_daemon HOST: again, where and as whom it ran: in the namespaces of the foreign domain, which
# is still there
start_daemon() {
  of=$1
  read -r uid gid <"$work/daemon.$of.ids"
  inside=$(qemu_of "$of" foreign)
  (
    set --
    while IFS= read -r word; do set -- "$@" "$word"; done <"$work/daemon.$of.env"
    set -- env -i "$@"
    while IFS= read -r word; do set -- "$@" "$word"; done <"$work/daemon.$of.args"
    exec nsenter -t "$inside" -m -n -p -i setpriv --reuid="$uid" --regid="$gid" --clear-groups "$@"
  ) >>"$work/daemon.log" 2>&1 5<&- 7>&- &
  tries=0
  until virsh_on "$of" uri >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || { cat "$work/daemon.log"; return 1; }
  done
}

virsh_on() { # HOST ARGUMENT...
  case $1 in 0) where=$uri0 ;; *) where=$uri1 ;; esac
  shift
  virsh -q -c "$where" "$@" 5<&- 7>&-
}

# --- events: reacted to as they come

watch_events() {
  watchers=
  for host in 0 1; do
    case $host in 0) where=$uri0 ;; *) where=$uri1 ;; esac
    : >"$work/events.$host"
    stdbuf -oL virsh -q -c "$where" event --all --loop >>"$work/events.$host" 2>&1 5<&- 7>&- &
    watchers="$watchers $!"
  done
  await_watcher 0 && await_watcher 1
}

# await_watcher HOST: until virsh is told of events, which it does not say: of a domain that is defined for that
await_watcher() {
  sed 's#<name>.*</name>#<name>event</name>#' "$work/domain.xml" >"$work/event.xml"
  for look in $(seq 600); do
    virsh_on "$1" define "$work/event.xml" >/dev/null && virsh_on "$1" undefine event >/dev/null || return 1
    ! grep -q "domain '*event'*: Undefined" "$work/events.$1" || return 0
  done
  echo "no event within $look domains"
  return 1
}

unwatch_events() {
  # shellcheck disable=SC2086
  kill $watchers 2>/dev/null
  # shellcheck disable=SC2086
  wait $watchers 2>/dev/null
  watchers=
}

# wait_event HOST TEXT: of the domain that is measured
wait_event() {
  timeout 600 tail -n +1 -f "$work/events.$1" 2>/dev/null | grep -q -m 1 "domain '*$domain.*$2" ||
    { echo "no event '$2'"; cat "$work/events.$1"; return 1; }
}

in_setup() { wait_migrating; }
in_round() { wait_migrating && wait_event 0 "iteration: '*1"; }
at_switch() { wait_migrating && wait_event 0 "Suspended"; }

# --- the link

link() { # HOST COMMAND...: in its network namespace
  inside=$(qemu_of "$1" foreign)
  shift
  nsenter -t "$inside" -n "$@"
}

cut_link() { link 0 ip link set lab0 down; }
restore_link() { link 0 ip link set lab0 up; }
link_rate() { # RATE
  link 0 tc qdisc replace dev lab0 root tbf rate "$1" burst 256k latency 20ms &&
    link 1 tc qdisc replace dev lab1 root tbf rate "$1" burst 256k latency 20ms
}

# monitor_on HOST COMMAND: of the QEMU that has one; returns when it has prompted again behind the
# command
monitor_on() {
  link "$1" bash -c '
    exec 3<>/dev/tcp/127.0.0.1/4444 && IFS= read -r -d ")" -u 3 && echo "$1" >&3 && IFS= read -r -d ")" -u 3' sh "$2"
}

# --- domains of somebody else, which nothing may touch

start_foreign() {
  sed \
    "s#<name>.*</name>#<name>foreign</name>#; s#<memory .*</memory>#<memory unit='MiB'>96</memory>#
    s#-- idle#-- idle period=60s#; s#<devices>#<devices><emulator>$emulator</emulator>#" \
    "$work/domain.xml" >"$work/foreign.xml"
  for host in 0 1; do
    virsh_on $host create "$work/foreign.xml" && describe_foreign $host >"$work/foreign.$host" ||
      return 1
  done
}

describe_foreign() { # HOST: its process, since when; state, configuration
  pid=$(qemu_of "$1" foreign)
  echo "$pid $(awk '{ print $22 }' "/proc/$pid/stat")"
  virsh_on "$1" domid foreign
  virsh_on "$1" domstate foreign
  # a daemon that was started again writes empty elements another way
  virsh_on "$1" dumpxml foreign | grep -v "<alias name='usb'/>" | tr -d '\n' |
    sed 's# *></controller># />#g; s#> *</controller>#/>#g'
}

foreign_untouched() {
  for host in 0 1; do
    describe_foreign $host | diff "$work/foreign.$host" - || return 1
  done
}
