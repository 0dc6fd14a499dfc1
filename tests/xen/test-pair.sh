#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The emulated Xen pair by itself: comes up, runs a guest, migrates it, goes down without leftovers.
set -u
xen=${top_srcdir:-.}/tests/xen
initrd=${top_builddir:-.}/workloads/guest.cpio.gz
domains=${top_srcdir:-.}/domains
work=$(mktemp -d)
XDG_RUNTIME_DIR=$work/run
export XDG_RUNTIME_DIR
mkdir "$XDG_RUNTIME_DIR"
trap '"$xen/xen-pair" down; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

count=0
# check NAME COMMAND...: one TAP line
check() {
  count=$((count + 1)) name=$1
  shift
  if "$@" > "$work/said" 2>&1; then
    echo "ok $count - $name"
  else
    echo "not ok $count - $name"
    sed 's/^/# /' "$work/said"
    failed=yes
  fi
}

on() { # HOST VIRSH-COMMAND...
  [ "$1" = 1 ] && uri=$source || uri=$destination
  shift
  timeout 120 virsh -q -c "$uri" "$@"
}

is_valid() {
  for template in "$domains"/xen-*.xml; do virt-xml-validate "$template" domain || return 1; done
}

# heartbeats HOST: sequence numbers, in hex, of five heartbeats that the guest writes now
heartbeats() {
  tty=$(on "$1" ttyconsole migcost-test) || return 1
  "$xen/xen-pair" exec "$directory" "$1" "timeout 20 grep -am5 ^@H $tty" > "$work/beats" || return 1
  sed -n 's/^@H \([0-9a-f]*\) .*/\1/p' "$work/beats"
}

guest_beats() { # HOST: five heartbeats whose numbers follow each other and everything seen so far
  numbers=$(heartbeats "$1") || return 1
  echo $numbers
  [ "$(echo "$numbers" | wc -l)" -eq 5 ] || return 1
  for number in $numbers; do
    [ $((0x$number)) -gt "$newest" ] || return 1
    newest=$((0x$number))
  done
}

define_guest() {
  sed 's/migcost-template/migcost-test/; s/-- idle/-- idle period=100ms/' "$domains/xen-pv.xml" \
    > "$work/guest.xml"
  on 1 define "$work/guest.xml" && on 1 start migcost-test
}

migrate() {
  on 1 migrate --live migcost-test "$destination" && [ "$(on 2 domstate migcost-test)" = running ]
}

source_is_left() {
  [ "$(on 1 domstate migcost-test)" = 'shut off' ]
}

down() {
  "$xen/xen-pair" down "$directory"
}

no_leftovers() {
  [ ! -e "$directory" ] || return 1
  for process in /proc/[0-9]*; do
    case $(readlink "$process/cwd") in "$directory"*) echo "$process is left"; return 1 ;; esac
  done
  [ -z "$("$xen/xen-pair" status)" ]
}

"$xen/xen-pair" build > "$work/said" 2>&1
case $? in
  0) ;;
  77) echo "1..0 # SKIP $(tail -n 1 "$work/said")"; exit 0 ;;
  *) echo "1..1"; sed 's/^/# /' "$work/said"; echo "not ok 1 - build the image"; exit 1 ;;
esac

failed=no newest=-1
echo 1..10
check 'the domain templates are valid' is_valid
# as a crash leaves it: a directory whose lock nobody holds
crashed=$XDG_RUNTIME_DIR/migcost-xen-$(id -u)/pair-crashed
mkdir -p "$crashed" && : > "$crashed/lock"
check 'both hosts come up' "$xen/xen-pair" up --initrd "$initrd"
[ "$failed" = no ] || { echo 'Bail out! no hosts'; exit 1; }
directory=$(sed -n 's/^directory //p' "$work/said")
source=$(sed -n 's/^source //p' "$work/said")
destination=$(sed -n 's/^destination //p' "$work/said")
check 'what a crash left is gone' test ! -e "$crashed"
check 'a guest starts' define_guest
check 'it beats on the source' guest_beats 1
check 'it migrates live' migrate
check 'the source has it no longer' source_is_left
check 'it goes on beating on the destination' guest_beats 2
check 'both hosts go down' down
check 'nothing is left' no_leftovers
[ "$failed" = no ]
