#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The arrows between the rooms of src/: by the #include lines and by the symbols that each room's
# archive lacks. What a room may use is said here and nowhere else.
. "$top_srcdir/tests/tap.sh"

# ROOM: ROOMS IT MAY USE: LIBRARIES' HEADERS IT MAY INCLUDE (regular expression; libc and GLib
# always)
rooms='
base::libxml/:
study:base probe workloads:libxml/:
results:base:csv\.h:
virt:base study:libvirt/ libxml/:
probe:base::
lab:base virt probe::
hosts:base study virt probe lab results::
measure:base study virt lab results hosts probe workloads::
check:base study virt lab results hosts probe workloads::
watch:base study virt lab results hosts probe summary::
summary:base results:gsl/:
paper:base results summary:gsl/:
model:base results summary:gsl/:
plan:base study results model summary:gsl/ csv\.h json-glib/:
execute:base study virt lab results hosts measure model plan summary::
report:base results summary paper model plan execute:json-glib/:
'
below='base study virt probe lab results hosts measure check watch summary paper model plan execute report'
rooms="${rooms}cli:$below workloads:json-glib/ libxml/xmlwriter:"
# the last field: arrows that point up and are still to be cut
# virt uses only the types of study and of the templates; all other rooms reach libvirt through it
# alone
libraries='^(libvirt/|libxml/|csv\.h|gsl/|json-glib/|archive)'

includes() { # ROOM PATTERN: what its files include
  sed -n "s/^#include [\"<]\\($2\\)[\">].*/\\1/p" "$top_srcdir/src/$1"/*.[ch]
}

right_rooms() { # ROOM ALLOWED
  includes "$1" '[a-z]*\/[a-z0-9-]*\.h' | while read -r header; do
    room=${header%%/*}
    [ -d "$top_srcdir/src/$room" ] || [ "$room" = workloads ] || continue
    case " $1 $2 " in
      *" $room "*) ;;
      *) echo "src/$1 includes $header"; exit 1 ;;
    esac
  done
}

right_libraries() { # ROOM ALLOWED
  includes "$1" '[^">]*' | grep -E "$libraries" | while read -r header; do
    allowed=no
    for pattern in $2; do
      if echo "$header" | grep -q "^$pattern"; then allowed=yes; fi
    done
    [ $allowed = yes ] || { echo "src/$1 includes <$header>"; exit 1; }
  done
}

archive() { # ROOM
  case $1 in
    virt) echo "$top_builddir/src/virt/libvirt_room.a" ;;
    workloads) echo "$top_builddir/workloads/libprotocol.a" ;;
    *) echo "$top_builddir/src/$1/lib$1.a" ;;
  esac
}

# symbols that the archive needs and neither it nor an allowed room defines, though another room
# does
right_symbols() { # ROOM ALLOWED
  nm -u "$(archive "$1")" 2>/dev/null | sed -n 's/^ *U \(mig_[a-z0-9_]*\)$/\1/p' |
    sort -u >"$work/needed"
  : >"$work/defined"
  for room in $1 $2; do
    nm --defined-only "$(archive "$room")" 2>/dev/null | awk 'NF == 3 {print $3}' >>"$work/defined"
  done
  sort -u "$work/defined" >"$work/have"
  comm -23 "$work/needed" "$work/have" >"$work/missing"
  [ ! -s "$work/missing" ] || { echo "src/$1 needs of a room that it may not use:"; cat \
    "$work/missing"; false; }
}

prints() { # ROOM: printf to standard output or error
  ! grep -nE '\b(g_print|g_printerr|printf|puts|putchar|perror) \(|\bstdout\b|\bstderr\b' \
    "$top_srcdir/src/$1"/*.c
}

echo "$rooms" | grep . >"$work/rooms"
while IFS=: read -r room allowed headers _; do
  check "$room includes only the rooms that it may" right_rooms "$room" "$allowed"
  check "$room includes only the libraries that it may" right_libraries "$room" "$headers"
  [ "$room" = cli ] || check "$room needs only symbols of the rooms that it may use" right_symbols \
    "$room" "$allowed"
  case $room in
    # migcost-lab is a program of its own, which reports over its standard output
    cli | lab) ;;
    *) check "$room does not print" prints "$room" ;;
  esac
done <"$work/rooms"
check "every folder of src/ is one of these rooms" \
  sh -c "cd '$top_srcdir/src' && for d in */; do grep -q \"^\${d%/}:\" '$work/rooms' || { echo \$d; exit 1; }; done"
finish
