#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # functions are called through check
# A lab comes up, carries guests from one host to the other, and nothing of it is left; as root and
# as an ordinary user.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

in_limits() { # the measured rate is the link's, less the headers
  measured=$(lab_get 1 measured) link=$(lab_get 1 link)
  [ "$measured" -gt $((link * 3 / 10)) ] && [ "$measured" -le $((link * 102 / 100)) ]
}

different_hosts() {
  a=$(virsh_on 1 0 capabilities | sed -n 's/.*<uuid>//p')
  b=$(virsh_on 1 1 capabilities | sed -n 's/.*<uuid>//p')
  [ -n "$a" ] && [ -n "$b" ] && [ "$a" != "$b" ]
}

unprivileged() {
  for pid in $(processes_of "$1"); do
    [ "$(stat -c %u "/proc/$pid")" != 0 ] || { echo "$pid runs as root"; return 1; }
    grep -q '^CapEff:	0*$' "/proc/$pid/status" || { echo "$pid has capabilities"; return 1; }
  done
}

pinned() { # the first of the processes are the daemons
  pid=$(cat "$1/0/daemon.pid" 2>/dev/null)
  [ -n "$pid" ] || return 1
  pid=$(daemon_of "$1" "$2")
  [ -n "$pid" ] && grep -q "^Cpus_allowed_list:	$(lab_get 1 "cpu$2")\$" "/proc/$pid/status"
}

# sessions have no shares of a CPU of their own: the kernel has no autogroups, they are off, or all
# are in a cgroup
shares_fairly() {
  [ "$(autogroups)" = 1 ] || return 0
  for pid in $(processes_of "$1"); do
    grep -Eq '^[0-9]+:([a-z,]*,)?cpu(,[a-z,]*)?:/.|^0::/.' "/proc/$pid/cgroup" ||
      { echo "$pid: $(cat "/proc/$pid/cgroup")"; return 1; }
  done
}

up_and_down() { # WHO
  autogroups=$(autogroups)
  mounts=$(cat /proc/self/mounts)
  links=$(ls /sys/class/net)
  check "$1: a lab comes up, and its link gets another rate" lab_up 1 link=125000000 shape=50000000
  directory=$(lab_get 1 directory)
  check "$1: with namespaces" [ "$(lab_get 1 mode)" = namespaces ]
  check "$1: its link carries what was asked for" in_limits
  check "$1: status lists it" lab_says "$directory" alive
  check "$1: two different hosts" different_hosts
  check "$1: daemons without privileges" unprivileged "$directory"
  check "$1: host 0 on its CPU" pinned "$directory" 0
  check "$1: host 1 on its CPU" pinned "$directory" 1
  [ "$1" != root ] || check "$1: guests share a CPU fairly" shares_fairly "$directory"
  check "$1: a guest starts" guest_start 1
  check "$1: QEMU without privileges" unprivileged "$directory"
  check "$1: it migrates" guest_migrate 1 0 1
  check "$1: it runs on the destination" guest_runs_on 1 1
  check "$1: it migrates back" guest_migrate 1 1 0
  check "$1: the lab ends with a guest in it" lab_end 1
  check "$1: no process is left" no_processes_of "$directory"
  check "$1: no file is left" gone "$directory"
  check "$1: autogroups are as before" [ "$autogroups" = "$(autogroups)" ]
  check "$1: no mount is left" [ "$mounts" = "$(cat /proc/self/mounts)" ]
  check "$1: no network interface is left" [ "$links" = "$(ls /sys/class/net)" ]
}

if am_root; then
  up_and_down "root"
else
  skip "root: a lab comes up" "not run as root"
fi
if as_user; then
  up_and_down "ordinary user"
else
  skip "ordinary user: a lab comes up" "root cannot become an ordinary user here"
fi
finish
