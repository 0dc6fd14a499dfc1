# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# What the scripts of this folder share besides tests/tap.sh: labs to try things on, guests.
# Sourced.
#
# Everything is started by these functions and ended by its number; what a test leaves is a failure.

: "${top_builddir:?run me by make check}" "${top_srcdir:?run me by make check}"
libexecdir_of_build=${MIGCOST_LIBEXECDIR:-$top_builddir/src/lab:$top_builddir/workloads}
# shellcheck source-path=SCRIPTDIR/../.. source=tests/tap.sh
. "$top_srcdir/tests/tap.sh"
# shellcheck source-path=SCRIPTDIR source=lib-result.sh
. "$top_srcdir/tests/lab/lib-result.sh"

# --- who runs the lab: "self" or, for root, another user

# Root's tests have a /run of their own: other labs of this machine neither disturb them nor are
# disturbed. What the lab mounts would be seen here if it were seen anywhere outside of it.
if am_root && [ "${MIGCOST_TEST_PRIVATE-}" != yes ] && unshare --mount true 2>/dev/null; then
  rm -rf "$work"
  export MIGCOST_TEST_PRIVATE=yes
  exec unshare --mount sh "$0"
fi

private_run() {
  mount --make-rshared / && mount -t tmpfs -o mode=755 tmpfs /run && mkdir -m 1777 /run/lock &&
    mkdir -m 777 /run/user
}

# Copies that another user can read; the source tree may be closed to it.
prepare() {
  chmod 755 "$work"
  trap 'tear_down' EXIT
  mkdir "$work/bin" "$work/home" "$work/cache"
  cp "$top_builddir/tests/lab/lab-tool" "$top_builddir/src/lab/migcost-lab" \
    "$top_builddir/src/virt/migcost-ssh" "$work/bin/"
  mkdir "$work/bin/pair" && cp "$top_srcdir/tests/pair/certificates" "$work/bin/pair/"
  guest=$(find_initrd) || skip_all "guest.cpio.gz is not built"
  cp "$guest" "$work/bin/"
  kernel=$("$work/bin/lab-tool" kernel) ||
    skip_all "no guest kernel that can be read: ./quickstart fetches one"
  cp "$kernel" "$work/bin/vmlinuz"
  chmod 644 "$work/bin/vmlinuz"
  modules=${kernel%/*}/modules-${kernel##*/vmlinuz-}
  [ ! -d "$modules" ] || cp -R "$modules" "$work/bin/modules"
  export MIGCOST_KERNEL="$work/bin/vmlinuz" MIGCOST_LIBEXECDIR="$work/bin" \
    XDG_CACHE_HOME="$work/cache"
  unset XDG_RUNTIME_DIR
  [ "${MIGCOST_TEST_PRIVATE-}" != yes ] || private_run || exit 99
  as_self
}

find_initrd() (
  IFS=:
  for directory in $libexecdir_of_build; do
    [ -f "$directory/guest.cpio.gz" ] && { echo "$directory/guest.cpio.gz"; return 0; }
  done
  return 1
)

as_self() {
  as=
}

# as_user: the rest is done as an ordinary user; fails where that cannot be.
as_user() {
  am_root || { as=; return 0; }
  user=${MIGCOST_TEST_USER:-daemon}
  id "$user" >/dev/null 2>&1 || return 1
  command -v setpriv >/dev/null || return 1
  chown -R "$user" "$work/home" "$work/cache"
  as="setpriv --reuid=$user --regid=$(id -g "$user") --clear-groups env HOME=$work/home"
  [ "${MIGCOST_TEST_PRIVATE-}" != yes ] || as="$as XDG_RUNTIME_DIR=/run/user"
}

# --- labs: number 1 or 2; lab_up leaves its answers in $work/N.out and in variables

lab_up() { # N OPTION...: TRUE when it is up
  n=$1
  shift
  rm -f "$work/$n.in" "$work/$n.pipe"
  mkfifo "$work/$n.in" "$work/$n.pipe"
  # shellcheck disable=SC2086 # $as is a command with arguments
  $as "$work/bin/lab-tool" up "$@" <"$work/$n.in" >"$work/$n.pipe" 2>"$work/$n.err" \
    3>&- 4>&- &
  eval "tool_$n=$!"
  case $n in
    1) exec 3>"$work/1.in" ;;
    2) exec 4>"$work/2.in" ;;
  esac
  # the tool may go on after "up": read up to that line only
  while IFS= read -r line; do
    echo "$line"
    case $line in up | error=*) break ;; esac
  done <"$work/$n.pipe" >"$work/$n.out"
  grep -qx up "$work/$n.out" || { cat "$work/$n.out" "$work/$n.err"; return 1; }
}

# lab_get N KEY
lab_get() {
  sed -n "s/^$2=//p" "$work/$1.out" | tr -d "'"
}

lab_end() { # N: ends the tool's standard input, waits for it
  case $1 in
    1) exec 3>&- ;;
    2) exec 4>&- ;;
  esac
  eval "pid=\$tool_$1"
  eval "tool_$1="
  wait "$pid"
}

lab_tool() {
  # shellcheck disable=SC2086
  $as "$work/bin/lab-tool" "$@"
}

# lab_keeper DIRECTORY: number of the process that keeps it
lab_keeper() {
  lab_tool status | awk -v d="$1" '$1 == d { print $4 }'
}

lab_says() { # DIRECTORY alive|crashed
  lab_tool status | awk -v d="$1" -v s="$2" '$1 == d && $2 == s { found = 1 } END { exit !found }'
}

# processes_of DIRECTORY: numbers of daemons and QEMUs of this lab
processes_of() {
  living_in "$1" | cut -d / -f 3
}

no_processes_of() {
  left=$(processes_of "$1")
  [ -z "$left" ] || { echo "left: $left"; false; }
}

has_processes_of() { not no_processes_of "$1"; }

# autogroups: what the kernel does with them
autogroups() {
  cat /proc/sys/kernel/sched_autogroup_enabled 2>/dev/null || echo none
}

# no_console_locks: libvirt locks the terminals that it reads, in a place that all labs share
no_console_locks() {
  ! ls /var/lock/LCK..* 2>/dev/null
}

# --- guests

guest_xml() { # N
  cat >"$work/guest.xml" <<XML
<domain type='qemu'>
  <name>lab-test</name>
  <memory unit='MiB'>96</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>$(lab_get "$1" kernel)</kernel>
    <initrd>$(lab_get "$1" initrd)</initrd>
    <cmdline>console=ttyS0 panic=-1</cmdline>
  </os>
  <features><acpi/><apic/></features>
  <devices>
    <emulator>$(lab_get "$1" emulator)</emulator>
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
    <serial type='pty'/>
  </devices>
</domain>
XML
}

virsh_on() { # N HOST ARGUMENT...
  uri=$(lab_get "$1" "uri$2")
  shift 2
  # shellcheck disable=SC2086
  $as virsh -q -c "$uri" "$@"
}

# persist N HOST DOMAIN: it runs there, and from now on it is defined as well, and started by its host
persist() {
  virsh_on "$1" "$2" dumpxml "$3" >"$work/persistent.xml" &&
    virsh_on "$1" "$2" define "$work/persistent.xml" && virsh_on "$1" "$2" autostart "$3"
}

# defined_on N HOST DOMAIN AUTOSTART: persistent there, and started by its host or not (enable, disable)
defined_on() {
  virsh_on "$1" "$2" dominfo "$3" >"$work/info" && grep -q '^Persistent: *yes' "$work/info" &&
    grep -q "^Autostart: *$4" "$work/info" || { cat "$work/info"; return 1; }
}

guest_start() { # N
  guest_xml "$1" && virsh_on "$1" 0 create "$work/guest.xml"
}

guest_migrate() { # N FROM TO
  virsh_on "$1" "$2" migrate --live lab-test "$(lab_get "$1" "uri$3")" "$(lab_get "$1" "migrate$3")"
}

# console_open N HOST [NAME]: reads the guest's console until the lab ends or console_end; TRUE when
# its heart beats
console_open() {
  uri=$(lab_get "$1" "uri$2")
  mkfifo "$work/console"
  : >"$work/console.out"
  # virsh wants a terminal
  script -qfe -c "$as virsh -q -c '$uri' console '${3-lab-test}' --force" "$work/console.out" \
    <"$work/console" >"$work/console.log" 2>&1 3>&- 4>&- &
  console=$!
  exec 5>"$work/console"
  timeout 300 tail -n +1 -f "$work/console.out" | grep -q "^@[RFH] "
}

# console_end: virsh itself does not always end when its connection does
console_end() {
  exec 5>&-
  child=$(ps -o pid= --ppid "$console")
  # shellcheck disable=SC2086 # a number, or nothing
  kill -KILL $child "$console" 2>/dev/null
  wait "$console" || true
  rm -f "$work/console"
}

# offers_post_copy: QEMUs of the lab, which are ordinary users, may handle their guests' page faults
offers_post_copy() {
  [ "$(cat /proc/sys/vm/unprivileged_userfaultfd 2>/dev/null || echo 1)" = 1 ]
}

guest_runs_on() { # N HOST
  [ "$(virsh_on "$1" "$2" domstate lab-test)" = running ]
}

# --- migcost itself

ship() { # what it reads, where another user can
  mkdir -p "$work/data/studies" "$work/data/domains" && mkdir -m 777 "$work/results" "$work/state" &&
    cp "$top_builddir/migcost" "$work/bin/" && cp "$top_srcdir"/studies/*.rng "$work/data/studies/" &&
    cp "$top_srcdir"/domains/*.xml "$work/data/domains/" && chmod -R a+rX "$work/data"
}

# migcost_command ARGUMENT...: `migcost`, by way of $via: a command that runs another. Its interrupts are
# not ignored, as a shell would have it of a background process.
via=
migcost_command() {
  # shellcheck disable=SC2086 # $as is a command with arguments
  $via env MIGCOST_DATADIR="$work/data" XDG_STATE_HOME="$work/state" $as env --default-signal=INT \
    "$work/bin/migcost" "$@"
}

# hear LISTENER FUNCTION ARGUMENT...: the function's migcost_command in the background. The listener is
# called with each line that it says, and its number is $pid then. What it said is kept as by run.
hear() {
  listener=$1
  shift
  rm -f "$work/progress"
  mkfifo "$work/progress"
  : >"$work/err"
  (via="exec $via" && "$@") >"$work/out" 2>"$work/progress" 3>&- 4>&- &
  pid=$!
  while IFS= read -r line; do
    echo "$line" >>"$work/err"
    $listener "$line"
  done <"$work/progress"
  status=0
  wait $pid || status=$?
}

# --- the end

tear_down() {
  [ ! -e "$work/console" ] || console_end
  for n in 1 2; do
    eval "pid=\${tool_$n-}"
    [ -z "$pid" ] || lab_end "$n" || true
  done
  rm -rf "$work"
}

command -v virsh >/dev/null || skip_all "virsh is not installed"
prepare
